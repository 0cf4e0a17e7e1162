package io.orrery.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.Weights;
import io.orrery.engine.plan.Method.Lora;
import io.orrery.engine.plan.Thrift.Activations;
import io.orrery.engine.plan.Thrift.Optimizer;
import io.orrery.engine.tensor.DType;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FitTest {
    private static final CausalLm MODEL = Specs.MISTRAL_7B;

    @Test
    void thePartsOfWeightsAreAllOfTheModel() {
        long bytes = new WeightFormat.Plain(DType.F32)
                .bytes(MODEL).values().stream().mapToLong(Long::longValue).sum();
        assertThat(bytes).isEqualTo(4 * Weights.parameters(MODEL));
    }

    @Test
    void aCacheTokenIsTwoRowsALayer() {
        assertThat(KeyValueBytes.perToken(MODEL, DType.BF16)).isEqualTo(131_072);
        assertThat(KeyValueBytes.perToken(Specs.LLAMA_2_7B, DType.BF16)).isEqualTo(524_288);
        assertThat(KeyValueBytes.perToken(Specs.LLAMA_3_3_70B, DType.BF16)).isEqualTo(327_680);
        assertThat(KeyValueBytes.perToken(Specs.QWEN3_8B, DType.BF16)).isEqualTo(147_456);
    }

    @Test
    void contextAndBatchMultiplyTheCacheAlone() {
        Footprint one = new Inference(WeightFormats.BF16, 1000, 1).footprint(MODEL);
        Footprint eight = new Inference(WeightFormats.BF16, 2000, 4).footprint(MODEL);
        assertThat(eight.bytes("keys")).isEqualTo(8 * one.bytes("keys"));
        assertThat(eight.bytes("weights")).isEqualTo(one.bytes("weights"));
        assertThat(eight.bytes())
                .isEqualTo(eight.parts().stream().mapToLong(Part::bytes).sum());
    }

    @Test
    void theFinestFormatThatFitsIsTaken() {
        assertThat(formatIn("24GB", 4096)).isEqualTo("BF16");
        assertThat(formatIn("12GB", 4096)).isEqualTo("Q8_0");
        assertThat(formatIn("5.5GB", 4096)).isEqualTo("Q4_K_M");
        assertThat(Fit.of(MODEL, Gpu.parse("2GB")).finest(4096, 1)).isEmpty();
    }

    private static String formatIn(String gpu, int context) {
        return Fit.of(MODEL, Gpu.parse(gpu))
                .finest(context, 1)
                .orElseThrow()
                .weights()
                .name();
    }

    @Test
    void theBoldestTrainingThatFitsIsTaken() {
        assertThat(boldestIn("80GB")).isEqualTo("full RECOMPUTED");
        assertThat(boldestIn("24GB")).isEqualTo("lora RECOMPUTED");
        assertThat(boldestIn("12GB")).isEqualTo("qlora RECOMPUTED");
        assertThat(Fit.of(MODEL, Gpu.parse("4GB")).boldest(4096, 1, 16)).isEmpty();
        Tuning far = Fit.of(MODEL, Gpu.parse("24GB")).boldest(56_000, 1, 16).orElseThrow();
        assertThat(far.thrift().activations()).isEqualTo(Activations.OFFLOADED);
    }

    private static String boldestIn(String gpu) {
        Tuning tuning = Fit.of(MODEL, Gpu.parse(gpu)).boldest(4096, 1, 16).orElseThrow();
        return tuning.method().name() + " " + tuning.thrift().activations();
    }

    @Test
    void theLongestContextFitsAndOneTokenMoreDoesNot() {
        Fit fit = Fit.of(MODEL, Gpu.parse("rtx-4090"));
        Tuning tuning = new Tuning(Lora.quantised(16), 1, 2, Thrift.DEFAULT);
        int longest = fit.longest(tuning);
        assertThat(fit.gpu().holds(tuning.withContext(longest).footprint(MODEL)))
                .isTrue();
        assertThat(fit.gpu().holds(tuning.withContext(longest + 1).footprint(MODEL)))
                .isFalse();
        assertThat(fit.longest(new Tuning(new Method.Full(), 1, 1, Thrift.DEFAULT)))
                .isZero();
    }

    @Test
    void whatIsQuantisedAlreadyIsPatchedAndNotTrained() {
        WeightFormat stored = new WeightFormat.Stored("a file", Map.of("Q4_K", 4_000_000_000L, "F32", 1_000L));
        Fit fit = Fit.ofStored(MODEL, stored, Gpu.parse("24GB"));
        assertThat(fit.finest(4096, 1).orElseThrow().footprint(MODEL).bytes("weights"))
                .isEqualTo(4_000_001_000L);
        assertThat(fit.methods(8)).extracting(Method::name).containsExactly("qlora");
    }

    @Test
    void namedModulesAloneGetPairs() {
        Lora two = Lora.ofRank(8).beside(List.of("q_proj", "v_proj"));
        assertThat(new Tuning(two, 1, 1, Thrift.DEFAULT).trainable(MODEL)).isEqualTo(8L * 32 * (8192 + 5120));
    }

    @Test
    void bytesForEachTrainedParameter() {
        assertThat(stateBytes(new Method.Full(), Optimizer.ADAMW_8BIT)).isCloseTo(6.03, Assertions.offset(0.01));
        assertThat(stateBytes(new Method.Full(), Optimizer.ADAMW)).isCloseTo(12, Assertions.offset(0.01));
        Lora lora = Lora.ofRank(16);
        double base = 2.0 * Weights.parameters(MODEL);
        long trained = new Tuning(lora, 1, 1, Thrift.DEFAULT).trainable(MODEL);
        double state = stateBytes(lora, Optimizer.ADAMW) * Weights.parameters(MODEL) - base;
        assertThat(state / trained).isCloseTo(16, Assertions.offset(0.01));
    }

    private static double stateBytes(Method method, Optimizer optimizer) {
        Footprint footprint = new Tuning(method, 1, 1, Thrift.DEFAULT.with(optimizer)).footprint(MODEL);
        long state = footprint.bytes("weights")
                + footprint.bytes("adapter")
                + footprint.bytes("gradients")
                + footprint.bytes("optimiser");
        return (double) state / Weights.parameters(MODEL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"RTX 4090", "24", "24GB", "24 gib", "rtx_4090"})
    void devicesAreNamedInManyWays(String text) {
        assertThat(Gpu.parse(text).bytes()).isEqualTo(24L << 30);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0GB", "-3GB", "24TB", "rtx 9999", "1e9", "99999999999GB"})
    void whatIsNoDeviceIsRefused(String text) {
        assertThatThrownBy(() -> Gpu.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("as 24GB, or one of rtx-3060");
    }

    @Test
    void sizesThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new Inference(WeightFormats.BF16, 0, 1))
                .hasMessage("context is 0; it must be 1 or more");
        assertThatThrownBy(() -> Method.named("qlora", 0)).hasMessage("rank is 0; it must be 1 or more");
        assertThatThrownBy(() -> Method.named("dora", 8)).hasMessageContaining("there are full, lora, qlora");
        assertThatThrownBy(() -> WeightFormats.named("Q9")).hasMessageContaining("there are F32, F16, BF16, NF4");
    }
}
