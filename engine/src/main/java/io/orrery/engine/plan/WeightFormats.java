package io.orrery.engine.plan;

import io.orrery.engine.convert.Mix;
import io.orrery.engine.convert.Quantization;
import io.orrery.engine.convert.Target;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.plan.WeightFormat.Gguf;
import io.orrery.engine.plan.WeightFormat.Plain;
import io.orrery.engine.plan.WeightFormat.Projections;
import io.orrery.engine.tensor.DType;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The formats that a plan can be asked for by name. */
public final class WeightFormats {
    public static final WeightFormat BF16 = new Plain(DType.BF16);

    /**
     * NormalFloat with doubly quantised scales: 4 bits, a byte a block of 64, a float a block of 256 blocks (Dettmers et al. 2023,
     * section 3).
     */
    public static final WeightFormat NF4 = new Projections("NF4", 4 + 8.0 / 64 + 32.0 / (64 * 256), 0, 0);

    /** A byte an element, a float an output (bitsandbytes LLM.int8: SCB). */
    private static final WeightFormat INT8 = new Projections("INT8", 8, 4, 0);

    private static final List<WeightFormat> OF_PROJECTIONS = List.of(
            NF4,
            // a float a block
            new Projections("NF4_SINGLE", 4 + 32.0 / 64, 0, 0),
            // a half and a byte a block of 32: what the engine makes of GPTQ and AWQ
            new Projections("INT4", 4 + 24.0 / 32, 0, 0),
            INT8,
            gptq(64),
            gptq(128),
            new Projections("AWQ", 4 + 20.0 / 128, 0, 0));

    private WeightFormats() {}

    /** A half and a nibble a group, and an integer an input to say which group it is of (AutoGPTQ: g_idx). */
    private static WeightFormat gptq(int group) {
        return new Projections("GPTQ_G" + group, 4 + 20.0 / group, 0, 4);
    }

    private static WeightFormat gguf(Mix mix) {
        return new Gguf(new Target(mix, false));
    }

    /** The formats that a model can be answered from, the finest first. */
    static List<WeightFormat> byQuality(CausalLm model) {
        Stream<WeightFormat> coarser = Quantization.isPossible(model)
                ? Stream.of(Mix.Q8_0, Mix.Q6_K, Mix.Q5_K_M, Mix.Q4_K_M, Mix.IQ4_XS, Mix.Q3_K_M, Mix.Q2_K)
                        .map(WeightFormats::gguf)
                : Stream.of(INT8, NF4);
        return Stream.concat(Stream.of(BF16), coarser).toList();
    }

    private static Stream<WeightFormat> all() {
        Stream<WeightFormat> plain = Stream.of(DType.F32, DType.F16, DType.BF16).map(Plain::new);
        Stream<WeightFormat> mixes = Arrays.stream(Mix.values())
                .filter(mix -> mix.base().blockElements() > 1)
                .map(WeightFormats::gguf);
        return Stream.of(plain, OF_PROJECTIONS.stream(), mixes).flatMap(formats -> formats);
    }

    /** What {@link #named} takes. */
    public static String names() {
        return all().map(WeightFormat::name).collect(Collectors.joining(", "));
    }

    /** A format by its name, in any case. @throws IllegalArgumentException where there is none */
    public static WeightFormat named(String name) {
        String wanted = name.toUpperCase(Locale.ROOT).replace('-', '_');
        return all().filter(format -> format.name().equals(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no format '" + name + "' of weights; there are " + names()));
    }
}
