package io.orrery.engine.plan;

import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.plan.Method.Lora;
import io.orrery.engine.plan.Thrift.Activations;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What of a model fits a device.
 *
 * @param formats that its weights may have, the finest first
 * @param stored how its weights are stored where they are quantised already: they can be answered from and patched, and not trained
 */
public record Fit(CausalLm model, List<WeightFormat> formats, Optional<WeightFormat> stored, Gpu gpu) {
    public Fit {
        formats = List.copyOf(formats);
    }

    /** Of a model in 16 bits, which can be quantised. */
    public static Fit of(CausalLm model, Gpu gpu) {
        return new Fit(model, WeightFormats.byQuality(model), Optional.empty(), gpu);
    }

    /** Of a model that is quantised already. */
    public static Fit ofStored(CausalLm model, WeightFormat stored, Gpu gpu) {
        return new Fit(model, List.of(stored), Optional.of(stored), gpu);
    }

    /** The finest format in which so many sequences of this context fit. */
    public Optional<Inference> finest(int context, int sequences) {
        return formats.stream()
                .map(format -> new Inference(format, context, sequences))
                .filter(inference -> gpu.holds(inference.footprint(model)))
                .findFirst();
    }

    /** The longest context of so many sequences; 0 where none fits. */
    public int longest(WeightFormat format, int sequences) {
        return gpu.longest(context -> new Inference(format, context, sequences).footprint(model));
    }

    /** The longest context of a training; 0 where none fits. */
    public int longest(Tuning tuning) {
        return gpu.longest(context -> tuning.withContext(context).footprint(model));
    }

    /** All weights, pairs of this rank, pairs beside quantised weights: of these the methods that the weights allow. */
    public List<Method> methods(int rank) {
        return stored.<List<Method>>map(format -> List.of(Lora.quantised(rank).over(format)))
                .orElse(List.of(new Method.Full(), Lora.ofRank(rank), Lora.quantised(rank)));
    }

    /** The boldest training that fits: the first of {@link #methods}, with inputs of layers on the device before the host. */
    public Optional<Tuning> boldest(int context, int sequences, int rank) {
        return methods(rank).stream()
                .flatMap(method -> ways(new Tuning(method, context, sequences, Thrift.DEFAULT)))
                .filter(tuning -> gpu.holds(tuning.footprint(model)))
                .findFirst();
    }

    private static Stream<Tuning> ways(Tuning tuning) {
        return Stream.of(tuning, tuning.with(Activations.OFFLOADED));
    }
}
