package io.orrery.engine.train;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * How the learning rate changes from step to step, as transformers' {@code optimization.py} computes it: a warm-up from 0,
 * then a decay. Immutable.
 *
 * @param warmupSteps the first of them has learning rate 0
 * @param totalSteps steps in all, where the decay ends
 * @param minimum share of the peak that {@link Shape#COSINE_WITH_MIN_LR} ends at
 */
public record Schedule(Shape shape, int warmupSteps, int totalSteps, double minimum) {
    /** The decay after the warm-up. */
    public enum Shape {
        CONSTANT,
        LINEAR,
        COSINE,
        COSINE_WITH_MIN_LR;

        /** The name in JSON. */
        String key() {
            return name().toLowerCase(Locale.ROOT);
        }

        static List<String> keys() {
            return Arrays.stream(values()).map(Shape::key).toList();
        }

        static Shape of(String key) {
            return valueOf(key.toUpperCase(Locale.ROOT));
        }
    }

    public Schedule {
        if (warmupSteps < 0 || totalSteps < 1 || !(minimum >= 0 && minimum <= 1)) {
            throw new IllegalArgumentException("a schedule needs warmupSteps (" + warmupSteps
                    + ") of 0 or more, totalSteps (" + totalSteps + ") of 1 or more and a minimum (" + minimum
                    + ") between 0 and 1");
        }
    }

    /** Share of the peak learning rate. @param step from 0 */
    public double factor(int step) {
        if (step < warmupSteps) {
            return (double) step / warmupSteps;
        }
        double progress = Math.min(1, (double) (step - warmupSteps) / Math.max(1, totalSteps - warmupSteps));
        return switch (shape) {
            case CONSTANT -> 1;
            case LINEAR -> 1 - progress;
            case COSINE -> cosine(progress);
            case COSINE_WITH_MIN_LR -> cosine(progress) * (1 - minimum) + minimum;
        };
    }

    private static double cosine(double progress) {
        return 0.5 * (1 + Math.cos(Math.PI * progress));
    }
}
