package io.orrery.engine.convert;

import io.orrery.engine.model.ModelSpec.Rope;
import io.orrery.engine.model.ModelSpec.Scaling;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The numbers that {@code rope_freqs.weight} came from: a GGUF file has only the divisors, a config.json only the numbers. Where
 * several numbers give the same divisors, the published ones are taken.
 */
final class Llama3Fit {
    private static final double CLOSE = 1e-5;
    private static final double LOW = 1;
    private static final double HIGH = 4;
    private static final int PUBLISHED_CONTEXT = 8192;

    private final Rope rope;
    private final List<Float> divisors;
    private final double factor;

    private Llama3Fit(Rope rope, List<Float> divisors) {
        this.rope = rope;
        this.divisors = divisors;
        this.factor = divisors.stream().mapToDouble(Float::doubleValue).max().orElse(1);
    }

    /** @throws ConversionException where no numbers give these divisors */
    static Scaling.Llama3 of(Rope rope, Scaling.Divisors divisors) {
        Llama3Fit fit = new Llama3Fit(rope, divisors.values());
        return Stream.concat(
                        Stream.of(new Scaling.Llama3(fit.factor, LOW, HIGH, PUBLISHED_CONTEXT)),
                        fit.candidates().stream())
                .filter(fit::isClose)
                .findFirst()
                .orElseThrow(() -> new ConversionException(
                        "rope_freqs.weight holds divisors that rope_type llama3 does not make, and no other key of"
                                + " config.json can say them"));
    }

    private boolean isClose(Scaling.Llama3 candidate) {
        float[] made = RopeTensors.divisors(rope, candidate);
        for (int i = 0; i < made.length; i++) {
            if (Math.abs(made[i] - divisors.get(i)) > CLOSE * divisors.get(i)) {
                return false;
            }
        }
        return true;
    }

    private List<Scaling.Llama3> candidates() {
        List<double[]> between = between();
        List<Scaling.Llama3> candidates = new ArrayList<>();
        if (between.size() > 1) {
            line(between.getFirst(), between.getLast()).ifPresent(candidates::add);
        }
        for (double[] point : between) {
            candidates.add(with(HIGH, (point[1] * (HIGH - LOW) + LOW) / point[0]));
        }
        if (between.isEmpty()) {
            candidates.add(with(HIGH, apart()));
        }
        return candidates;
    }

    /** One over the wavelength, and how far the frequency is from the scaled to the kept one, of those that are neither. */
    private List<double[]> between() {
        List<double[]> points = new ArrayList<>();
        for (int i = 0; i < divisors.size(); i++) {
            double smooth = (1 / divisors.get(i) - 1 / factor) / (1 - 1 / factor);
            if (smooth > CLOSE && smooth < 1 - CLOSE) {
                points.add(new double[] {1 / wavelength(i), smooth});
            }
        }
        return points;
    }

    private double wavelength(int pair) {
        return 2 * Math.PI * Math.pow(rope.theta(), 2.0 * pair / rope.dims());
    }

    /** smooth = (context / wavelength - low) / (high - low) is a line; low is 1. */
    private Optional<Scaling.Llama3> line(double[] a, double[] b) {
        double slope = (b[1] - a[1]) / (b[0] - a[0]);
        double offset = slope * a[0] - a[1];
        return offset > 0 && slope > 0 ? Optional.of(with(LOW + LOW / offset, slope / offset)) : Optional.empty();
    }

    /** A context that parts the kept from the scaled where nothing is between them. */
    private double apart() {
        double kept = 1;
        for (int i = 0; i < divisors.size(); i++) {
            kept = divisors.get(i) == 1 ? Math.max(kept, wavelength(i)) : kept;
        }
        return HIGH * kept + 1;
    }

    private Scaling.Llama3 with(double high, double context) {
        return new Scaling.Llama3(factor, LOW, high, (int) Math.clamp(Math.round(context), 1, Integer.MAX_VALUE));
    }
}
