package io.orrery.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.plan.Method.Lora;
import io.orrery.engine.plan.Thrift.Activations;
import io.orrery.engine.plan.Thrift.Logits;
import java.util.List;
import java.util.Locale;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What others measured and published, against what is planned. Each line is printed with both numbers. */
class PublishedMemoryTest {
    private static final double GIB = 1L << 30;

    private static void close(String what, double published, double planned, double percent) {
        System.out.printf(
                Locale.ROOT,
                "%-44s published %10.2f  planned %10.2f  %+5.1f %%%n",
                what,
                published,
                planned,
                100 * (planned / published - 1));
        assertThat(planned).as(what).isCloseTo(published, Percentage.withPercentage(percent));
    }

    private static Tuning qlora(int rank, int context, Activations activations, Logits logits) {
        return new Tuning(
                Lora.quantised(rank),
                context,
                1,
                Thrift.DEFAULT.with(activations).with(logits));
    }

    private static double gib(CausalLm model, Tuning tuning) {
        return tuning.footprint(model).bytes() / GIB;
    }

    /** Unsloth README of January 2025: QLoRA, rank 32, all projections, batch 1, longest context by memory in GB. */
    @ParameterizedTest
    @CsvSource({"8, 2972", "12, 21848", "16, 40724", "24, 78475", "40, 153977", "48, 191728", "80, 342733"})
    void llama8bOnUnsloth(int memory, int context) {
        double planned = gib(Specs.LLAMA_3_1_8B, qlora(32, context, Activations.OFFLOADED, Logits.CHUNKED));
        close("Llama-3.1-8B, Unsloth, " + context, memory, planned, 4);
    }

    @ParameterizedTest
    @CsvSource({"48, 12106", "80, 89389"})
    void llama70bOnUnsloth(int memory, int context) {
        double planned = gib(Specs.LLAMA_3_3_70B, qlora(32, context, Activations.OFFLOADED, Logits.CHUNKED));
        close("Llama-3.3-70B, Unsloth, " + context, memory, planned, 4);
    }

    /** Unsloth's post of April 2024, whose logits all stood, overwritten by their gradients. */
    @ParameterizedTest
    @CsvSource({"24, 56420", "80, 228199"})
    void mistralOnUnsloth(int memory, int context) {
        double planned = gib(Specs.MISTRAL_7B, qlora(32, context, Activations.OFFLOADED, Logits.IN_PLACE));
        close("Mistral-7B, Unsloth 2024, " + context, memory, planned, 4);
    }

    /** The same README: transformers with FlashAttention 2, which holds embeddings and head in F32. */
    @ParameterizedTest
    @CsvSource({"12, 932", "16, 2551", "24, 5789", "40, 12264", "48, 15502", "80, 28454"})
    void llama8bOnTransformers(int memory, int context) {
        CausalLm model = Specs.LLAMA_3_1_8B;
        double widened = 2L * 2 * 128256 * 4096 / GIB;
        double planned = widened + gib(model, qlora(32, context, Activations.RECOMPUTED, Logits.ALL));
        close("Llama-3.1-8B, transformers, " + context, memory, planned, 6);
    }

    /** LLaMA-Factory's wiki: Llama-2-7B, QLoRA, rank 8, on Unsloth, in whole GB. */
    @ParameterizedTest
    @CsvSource({"5, 1024", "7, 4096", "8, 8192", "10, 16384", "16, 32768", "25, 65536", "37, 100000"})
    void llama2OnLlamaFactory(int memory, int context) {
        double planned = gib(Specs.LLAMA_2_7B, qlora(8, context, Activations.OFFLOADED, Logits.IN_PLACE));
        close("Llama-2-7B, LLaMA-Factory, " + context, memory, planned, 13);
    }

    /** torchtune: Llama-3.1-8B, two packed sequences of 2048, rank 8, what the allocator gave out at most. */
    @ParameterizedTest
    @CsvSource({"qlora, 7.4", "lora, 16.2"})
    void torchtune(String method, double memory) {
        Tuning tuning = new Tuning(Method.named(method, 8), 2048, 2, Thrift.DEFAULT);
        Footprint footprint = tuning.footprint(Specs.LLAMA_3_1_8B);
        close("Llama-3.1-8B, torchtune, " + method, memory, (footprint.bytes() - footprint.bytes("runtime")) / GIB, 8);
    }

    /** Weights in GiB: in 16 bit, and NF4 with doubly quantised scales. */
    @Test
    void weights() {
        weights("Llama-3.1-8B", Specs.LLAMA_3_1_8B, 14.96, 5.31);
        weights("Mistral-7B", Specs.MISTRAL_7B, 13.49, 3.84);
        weights("Llama-2-7B", Specs.LLAMA_2_7B, 12.55, 3.60);
        weights("Llama-3.3-70B", Specs.LLAMA_3_3_70B, 131.4, 36.8);
        weights("Qwen3-8B", Specs.QWEN3_8B, 15.26, 5.66);
    }

    private static void weights(String name, CausalLm model, double sixteen, double nf4) {
        close(name + ", 16 bit", sixteen, bytes(WeightFormats.BF16, model) / GIB, 0.2);
        close(name + ", NF4", nf4, bytes(WeightFormats.NF4, model) / GIB, 0.2);
    }

    private static long bytes(WeightFormat format, CausalLm model) {
        return format.bytes(model).values().stream().mapToLong(Long::longValue).sum();
    }

    /** The file gptq_model-4bit-64g.safetensors of CodeFuse-DeepSeek-33B-4bits has 18.7 GB. */
    @Test
    void gptqFile() {
        close("DeepSeek-33B, GPTQ, GB", 18.7, bytes(WeightFormats.named("gptq-g64"), Specs.DEEPSEEK_33B) / 1e9, 0.5);
    }

    @Test
    void pairs() {
        close("Llama-3.1-8B, rank 16, M", 41.9, pairs(Specs.LLAMA_3_1_8B, 16), 0.2);
        close("Llama-3.1-8B, rank 32, M", 83.9, pairs(Specs.LLAMA_3_1_8B, 32), 0.2);
        close("Llama-3.3-70B, rank 32, M", 414, pairs(Specs.LLAMA_3_3_70B, 32), 0.2);
    }

    private static double pairs(CausalLm model, int rank) {
        return LoraTargets.parameters(LoraTargets.of(model, List.of()), rank) / 1e6;
    }

    /** A step of a 7B model over 56,000 tokens: some 6e15 operations. */
    @Test
    void operations() {
        Tuning tuning = new Tuning(Lora.quantised(16), 56_000, 1, Thrift.DEFAULT);
        close("Mistral-7B, PFLOP a step", 6, tuning.flopsPerToken(Specs.MISTRAL_7B) * 56_000 / 1e15, 5);
    }

    @Test
    void hostMemory() {
        Tuning tuning = qlora(32, 56_420, Activations.OFFLOADED, Logits.IN_PLACE);
        close("Mistral-7B, host, 56,420", 13.8, tuning.hostBytes(Specs.MISTRAL_7B) / GIB, 0.5);
    }

    /** llama.cpp's Q4_K_M has 4.85 bits a weight in 8B models with an untied head. */
    @Test
    void q4km() {
        long bytes = bytes(WeightFormats.named("Q4_K_M"), Specs.LLAMA_3_1_8B);
        close("Llama-3.1-8B, Q4_K_M, bits", 4.85, 8.0 * bytes / 8_030_261_248L, 2);
    }
}
