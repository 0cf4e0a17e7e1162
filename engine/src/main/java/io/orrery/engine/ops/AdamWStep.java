package io.orrery.engine.ops;

/**
 * One AdamW update (Loshchilov and Hutter 2019, algorithm 2, decoupled weight decay as torch.optim.AdamW applies it).
 *
 * @param step 1 for the first
 * @param gradientScale factor on the gradient, for clipping by the global norm
 */
public record AdamWStep(
        int step,
        double learningRate,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        double gradientScale) {}
