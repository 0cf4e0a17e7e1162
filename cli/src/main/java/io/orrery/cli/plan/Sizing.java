package io.orrery.cli.plan;

import io.orrery.engine.plan.Method;
import io.orrery.engine.plan.WeightFormat;
import io.orrery.engine.plan.WeightFormats;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How much of everything, and how. */
final class Sizing {
    private static final int USUAL_CONTEXT = 4096;

    @Option(
            names = "--context",
            paramLabel = "N",
            defaultValue = "0",
            description = "Tokens of a sequence (default: 4096, or what the model was made for where that is less).")
    private int context;

    @Option(
            names = "--batch",
            paramLabel = "N",
            defaultValue = "1",
            description = "Sequences at a time (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(
            names = "--quant",
            paramLabel = "FORMAT",
            description =
                    "Format of the weights for answering, as BF16, Q8_0, Q4_K_M or nf4 (default: the finest that fits, or that of the files where they are quantised).")
    private @Nullable String quantization;

    @Option(
            names = "--method",
            paramLabel = "METHOD",
            description = "full, lora or qlora (default: the first of these that fits).")
    private @Nullable String method;

    @Option(
            names = "--rank",
            paramLabel = "N",
            defaultValue = "16",
            description = "Rank of an adapter (default: ${DEFAULT-VALUE}).")
    private int rank;

    @Option(
            names = "--targets",
            paramLabel = "MODULE",
            split = ",",
            description = "Projections that an adapter is put beside, as q_proj,v_proj (default: all of the layers).")
    private List<String> targets = List.of();

    int context(PlannedModel model) {
        return context == 0 ? Math.min(USUAL_CONTEXT, model.contextLength()) : context;
    }

    int batch() {
        return batch;
    }

    int rank() {
        return rank;
    }

    Optional<WeightFormat> format() {
        return Optional.ofNullable(quantization).map(WeightFormats::named);
    }

    /** Of those that a model allows the one that was asked for, or all. @throws IllegalArgumentException where it allows no such */
    List<Method> methods(PlannedModel model, List<Method> allowed) {
        List<Method> wanted = allowed.stream()
                .filter(candidate -> method == null
                        || candidate.name().equals(Method.named(method, rank).name()))
                .map(this::beside)
                .toList();
        if (wanted.isEmpty()) {
            throw new IllegalArgumentException("the weights of " + model.name() + " are quantised as "
                    + model.stored().map(WeightFormat::name).orElse("they are")
                    + " already; what can be trained is an adapter beside them: --method qlora");
        }
        return wanted;
    }

    private Method beside(Method candidate) {
        return switch (candidate) {
            case Method.Full full -> full;
            case Method.Lora lora -> lora.beside(targets);
        };
    }
}
