package io.orrery.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.engine.plan.Method.Lora;
import io.orrery.engine.plan.Thrift.Activations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** docs/memory-plans.md has the numbers that are computed, and what its sentences say is so. */
class MemoryPlansDocumentTest {
    private static final Gpu GPU = ModelTable.GPU;

    @Test
    void theTablesAreThoseThatAreComputed() throws IOException {
        String document = Files.readString(Path.of("../docs/memory-plans.md"));
        assertThat(document).contains(ModelTable.ofText(), ModelTable.ofSeeing());
    }

    private static Fit fit(String name) {
        return ModelTable.TEXT.stream()
                .filter(text -> text.repository().endsWith("/" + name))
                .findFirst()
                .orElseThrow()
                .fit();
    }

    private static int longest(Fit fit, Method method, Activations activations) {
        return fit.longest(new Tuning(method, 1, 1, Thrift.DEFAULT.with(activations)));
    }

    @Test
    void aModelOf34bTakesABitUnder20GbAndTunesAt8kOffloaded() {
        Fit fit = fit("codellama-34b-bnb-4bit");
        long bytes = fit.finest(4096, 1).orElseThrow().footprint(fit.model()).bytes();
        assertThat(bytes).isBetween(19_000_000_000L, 20_000_000_000L);
        Lora of32 = Lora.quantised(32);
        assertThat(longest(fit, of32, Activations.RECOMPUTED)).isLessThan(8192);
        assertThat(longest(fit, of32, Activations.OFFLOADED)).isGreaterThan(8192);
    }

    @Test
    void modelsOf7bTuneAt56kOnlyOffloaded() {
        for (String name : List.of("CodeLlama-7b-hf", "Mistral-7B-Instruct-v0.2", "starcoder2-7b")) {
            assertThat(longest(fit(name), Lora.quantised(16), Activations.RECOMPUTED))
                    .isLessThan(56_000);
            assertThat(longest(fit(name), Lora.quantised(16), Activations.OFFLOADED))
                    .isGreaterThan(56_000);
        }
    }

    @Test
    void mistralIsAsTightAsTheOtherModelsOf7b() {
        Fit fit = fit("Mistral-7B-Instruct-v0.2");
        Tuning lora = new Tuning(Lora.ofRank(16), 8192, 1, Thrift.DEFAULT);
        assertThat(GPU.holds(lora.footprint(fit.model()))).isTrue();
        assertThat(GPU.isTightFor(lora.footprint(fit.model()))).isFalse();
        assertThat(longest(fit, Lora.quantised(16), Activations.RECOMPUTED)).isGreaterThan(32_768);
    }

    @Test
    void allOfNemotronCanBeTrained() {
        Fit fit = fit("Nemotron-Research-Reasoning-Qwen-1.5B");
        assertThat(fit.boldest(32_768, 1, 16)).map(Tuning::method).isEqualTo(Optional.of(new Method.Full()));
    }

    @Test
    void starcoderAnswersInUnder6Gb() {
        Fit fit = fit("starcoder2-7b");
        Inference four = new Inference(WeightFormats.named("Q4_K_M"), 4096, 1);
        assertThat(four.footprint(fit.model()).bytes()).isBetween(5_000_000_000L, 6_000_000_000L);
    }

    @Test
    void whatTheNamesOfVisionModelsLeaveOut() {
        long classes = 21_841;
        assertThat(parameters("swinv2-base-patch4-window12-192-22k") - classes * (1024 + 1))
                .isBetween(86_000_000L, 88_000_000L);
        assertThat(parameters("convnext-large-224-22k") - classes * (1536 + 1)).isBetween(196_000_000L, 197_000_000L);
        assertThat(parameters("blip2-opt-2.7b")).isGreaterThan(3_700_000_000L);
        Footprint quantised = new ParameterCount(parameters("llava-v1.6-mistral-7b-hf")).inference(4.5);
        assertThat(quantised.bytes()).isLessThan(8_000_000_000L);
    }

    private static long parameters(String name) {
        return ModelTable.SEEING.stream()
                .filter(seeing -> seeing.repository().endsWith("/" + name))
                .findFirst()
                .orElseThrow()
                .parameters();
    }
}
