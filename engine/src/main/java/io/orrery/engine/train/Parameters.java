package io.orrery.engine.train;

import io.orrery.engine.ops.AdamWStep;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The weights in training, each with its gradient and AdamW's two moments. Those lie side by side in one piece of memory
 * each, so that zeroing and the global norm are one operation. Confined to the thread that owns the device.
 */
final class Parameters implements AutoCloseable {
    /** Elements that a tensor's place is rounded up to: a cache line, and what vector kernels like. */
    private static final long ALIGNMENT = 16;

    private final Ops ops;
    private final List<Parameter> parameters = new ArrayList<>();
    private final Map<Tensor, Tensor> gradients = new IdentityHashMap<>();
    private final Tensor gradient;
    private final Tensor firstMoment;
    private final Tensor secondMoment;

    private record Parameter(
            String name, Tensor value, Tensor gradient, Tensor firstMoment, Tensor secondMoment, boolean decays) {}

    /** @param decays by name, whether weight decay applies */
    Parameters(Ops ops, Map<String, Tensor> values, Predicate<String> decays) {
        this.ops = ops;
        long elements = values.values().stream().mapToLong(Parameters::place).sum();
        gradient = ops.persistent(elements);
        firstMoment = ops.persistent(elements);
        secondMoment = ops.persistent(elements);
        long at = 0;
        for (Map.Entry<String, Tensor> entry : values.entrySet()) {
            Tensor value = entry.getValue();
            Parameter parameter = new Parameter(
                    entry.getKey(),
                    value,
                    part(gradient, at, value),
                    part(firstMoment, at, value),
                    part(secondMoment, at, value),
                    decays.test(entry.getKey()));
            parameters.add(parameter);
            gradients.put(value, parameter.gradient());
            at += place(value);
        }
    }

    private static long place(Tensor value) {
        return Math.ceilDiv(value.elements(), ALIGNMENT) * ALIGNMENT;
    }

    private static Tensor part(Tensor whole, long at, Tensor like) {
        return new Tensor(
                DType.F32, like.shape(), whole.storage().slice(DType.F32.bytes(at), DType.F32.bytes(like.elements())));
    }

    /** Weight to gradient, for the tape. */
    Map<Tensor, Tensor> gradients() {
        return gradients;
    }

    void zeroGradients() {
        ops.zero(gradient);
    }

    /** The L2 norm over all gradients. */
    double gradientNorm() {
        return Math.sqrt(ops.sumOfSquares(gradient));
    }

    void update(AdamWStep step) {
        AdamWStep undecayed = new AdamWStep(
                step.step(), step.learningRate(), step.beta1(), step.beta2(), step.epsilon(), 0, step.gradientScale());
        for (Parameter p : parameters) {
            ops.adamW(p.value(), p.gradient(), p.firstMoment(), p.secondMoment(), p.decays() ? step : undecayed);
        }
    }

    /** Everything an update depends on, on the device, by the parameters' names behind {@code weight.}, {@code m.}, {@code v.}. */
    Map<String, Tensor> state() {
        Map<String, Tensor> state = new LinkedHashMap<>();
        for (Parameter p : parameters) {
            state.put("weight." + p.name(), p.value());
            state.put("m." + p.name(), p.firstMoment());
            state.put("v." + p.name(), p.secondMoment());
        }
        return state;
    }

    /** Gives back the memory of gradients and moments; the weights stay. */
    @Override
    public void close() {
        for (Tensor memory : List.of(gradient, firstMoment, secondMoment)) {
            ops.free(memory);
        }
    }
}
