package io.orrery.engine.generate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Chooses one sequence's tokens. Everything it does depends on the sequence's own logits, history and seed, so a sequence
 * comes out the same whatever else is in the batch. Confined to the engine thread.
 */
final class Sampler {
    /** Logits below the top, in temperatures, that are ranked first, next and last; e to the -40 is less than a double adds. */
    private static final float[] BANDS = {6, 14, 40};

    private final SamplingParams params;
    private final int logprobs;
    private final SplittableRandom random;
    private final Map<Integer, Integer> generated = new HashMap<>();
    private final Map<Integer, Integer> seen = new HashMap<>();

    /** @param logprobs alternatives to report with each token, or -1 for no log probabilities at all */
    Sampler(SamplingParams params, int logprobs, int[] prompt) {
        this.params = params;
        this.logprobs = logprobs;
        this.random = new SplittableRandom(params.seed());
        if (params.repetitionPenalty() != 1) {
            for (int token : prompt) {
                seen.merge(token, 1, Integer::sum);
            }
        }
    }

    /** @param logits of one position; overwritten */
    TokenChoice choose(float[] logits) {
        float[] model = logprobs < 0 ? logits : logits.clone();
        penalise(logits);
        int token = params.temperature() == 0 ? argmax(logits) : draw(logits);
        generated.merge(token, 1, Integer::sum);
        seen.merge(token, 1, Integer::sum);
        return logprobs < 0 ? new TokenChoice(token, Float.NaN, List.of()) : report(token, model);
    }

    /** What the model says of a token that was not chosen but given. */
    TokenChoice score(int token, float[] logits) {
        return report(token, logits);
    }

    private void penalise(float[] logits) {
        if (params.repetitionPenalty() != 1) {
            for (int token : seen.keySet()) {
                float logit = logits[token];
                logits[token] = logit > 0 ? logit / params.repetitionPenalty() : logit * params.repetitionPenalty();
            }
        }
        if (params.presencePenalty() != 0 || params.frequencyPenalty() != 0) {
            generated.forEach(
                    (token, times) -> logits[token] -= params.presencePenalty() + params.frequencyPenalty() * times);
        }
        params.logitBias().forEach((token, bias) -> {
            if (token >= 0 && token < logits.length) {
                logits[token] += bias;
            }
        });
    }

    private static int argmax(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }

    /**
     * The likeliest tokens are ranked band by band, and no further than what is drawn or cut off needs: sorting the whole of a large
     * vocabulary for every token would take longer than a small model's step.
     */
    private int draw(float[] logits) {
        float top = logits[argmax(logits)];
        double point = random.nextDouble();
        double total = params.topK() > 0 ? 0 : mass(logits, top);
        int[] ids = {};
        for (int band = 0; band < BANDS.length; band++) {
            ids = sorted(logits, top - BANDS[band] * params.temperature());
            if (isEnough(ids, logits, top, total, point)) {
                break;
            }
        }
        return pick(ids, logits, top, total, point);
    }

    /** Of all that can be drawn: what is below the last band has a weight that rounds to nothing. */
    private double mass(float[] logits, float top) {
        float floor = top - BANDS[BANDS.length - 1] * params.temperature();
        double mass = 0;
        for (float logit : logits) {
            mass += logit >= floor ? weight(logit, top) : 0;
        }
        return mass;
    }

    private double weight(float logit, float top) {
        return Math.exp((logit - top) / params.temperature());
    }

    /** Whether what is kept, or the token that is drawn, is among the ranked. */
    private boolean isEnough(int[] ids, float[] logits, float top, double total, double point) {
        if (params.topK() > 0) {
            return ids.length >= params.topK();
        }
        if (params.minP() > 0 && ids.length > 0 && weight(logits[ids[ids.length - 1]], top) < params.minP()) {
            return true;
        }
        double wanted = total * (isWhole() ? point : params.topP());
        double mass = 0;
        for (int i = 0; i < ids.length && mass <= wanted; i++) {
            mass += weight(logits[ids[i]], top);
        }
        return mass > wanted;
    }

    /** Whether every token can be drawn. */
    private boolean isWhole() {
        return params.topK() == 0 && params.topP() >= 1 && params.minP() == 0;
    }

    private int pick(int[] ranked, float[] logits, float top, double total, double point) {
        int[] ids = params.topK() > 0 && params.topK() < ranked.length ? Arrays.copyOf(ranked, params.topK()) : ranked;
        double[] weights = new double[ids.length];
        double mass = 0;
        for (int i = 0; i < ids.length; i++) {
            weights[i] = weight(logits[ids[i]], top);
            mass += weights[i];
        }
        int kept = kept(weights, params.topK() > 0 ? mass : total);
        double left = point * (isWhole() ? total : sum(weights, kept));
        for (int i = 0; i < kept; i++) {
            left -= weights[i];
            if (left < 0) {
                return ids[i];
            }
        }
        return ids[kept - 1];
    }

    private static double sum(double[] weights, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += weights[i];
        }
        return sum;
    }

    /** Ids with a logit of at least the floor, largest first, equal ones by id. */
    private static int[] sorted(float[] logits, float floor) {
        long[] keys = new long[logits.length];
        int count = 0;
        for (int i = 0; i < logits.length; i++) {
            if (logits[i] >= floor) {
                int bits = Float.floatToIntBits(logits[i]);
                int ascending = bits < 0 ? bits ^ 0x7FFFFFFF : bits;
                keys[count++] = (long) ~ascending << 32 | i;
            }
        }
        Arrays.sort(keys, 0, count);
        int[] ids = new int[count];
        Arrays.setAll(ids, i -> (int) keys[i]);
        return ids;
    }

    /** How many of the sorted candidates top-p and min-p leave; at least one. */
    private int kept(double[] weights, double total) {
        int kept = weights.length;
        if (params.topP() < 1) {
            double mass = 0;
            for (int i = 0; i < weights.length && kept == weights.length; i++) {
                mass += weights[i];
                if (mass >= params.topP() * total) {
                    kept = i + 1;
                }
            }
        }
        while (kept > 1 && weights[kept - 1] < params.minP() * weights[0]) {
            kept--;
        }
        return kept;
    }

    private TokenChoice report(int token, float[] logits) {
        double sum = 0;
        float top = logits[argmax(logits)];
        for (float logit : logits) {
            sum += Math.exp(logit - top);
        }
        double logSum = top + Math.log(sum);
        List<TokenChoice.Alternative> alternatives = new ArrayList<>(logprobs);
        for (int id : likeliest(logits, logprobs)) {
            alternatives.add(new TokenChoice.Alternative(id, (float) (logits[id] - logSum)));
        }
        return new TokenChoice(token, (float) (logits[token] - logSum), alternatives);
    }

    private static int[] likeliest(float[] logits, int count) {
        int[] ids = sorted(logits, Float.NEGATIVE_INFINITY);
        return Arrays.copyOf(ids, Math.min(count, ids.length));
    }
}
