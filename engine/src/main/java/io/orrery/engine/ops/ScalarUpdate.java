package io.orrery.engine.ops;

import static io.orrery.engine.ops.Elements.get;
import static io.orrery.engine.ops.Elements.set;

import io.orrery.engine.tensor.Tensor;

/** AdamW (Loshchilov and Hutter 2019, algorithm 2) as torch.optim.AdamW orders it: decay first, then the moments. */
final class ScalarUpdate {
    private ScalarUpdate() {}

    static void adamW(Tensor w, Tensor dw, Tensor firstMoment, Tensor secondMoment, AdamWStep step) {
        double correction1 = 1 - Math.pow(step.beta1(), step.step());
        double correction2 = 1 - Math.pow(step.beta2(), step.step());
        for (long i = 0; i < w.elements(); i++) {
            double g = get(dw.segment(), i) * step.gradientScale();
            double m = step.beta1() * get(firstMoment.segment(), i) + (1 - step.beta1()) * g;
            double v = step.beta2() * get(secondMoment.segment(), i) + (1 - step.beta2()) * g * g;
            set(firstMoment.segment(), i, m);
            set(secondMoment.segment(), i, v);
            double decayed = get(w.segment(), i) * (1 - step.learningRate() * step.weightDecay());
            double denominator = Math.sqrt(v / correction2) + step.epsilon();
            set(w.segment(), i, decayed - step.learningRate() * (m / correction1) / denominator);
        }
    }

    static double sumOfSquares(Tensor x) {
        double sum = 0;
        for (long i = 0; i < x.elements(); i++) {
            sum += (double) get(x.segment(), i) * get(x.segment(), i);
        }
        return sum;
    }
}
