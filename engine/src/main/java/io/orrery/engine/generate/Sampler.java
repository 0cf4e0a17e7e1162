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

    private int draw(float[] logits) {
        float top = logits[argmax(logits)];
        int[] candidates = candidates(logits, top);
        double[] weights = new double[candidates.length];
        double total = 0;
        for (int i = 0; i < candidates.length; i++) {
            weights[i] = Math.exp((logits[candidates[i]] - top) / params.temperature());
            total += weights[i];
        }
        int kept = kept(weights, total);
        double mass = 0;
        for (int i = 0; i < kept; i++) {
            mass += weights[i];
        }
        double point = random.nextDouble() * mass;
        for (int i = 0; i < kept; i++) {
            point -= weights[i];
            if (point < 0) {
                return candidates[i];
            }
        }
        return candidates[kept - 1];
    }

    /** Token ids from likeliest to least, cut where a tail cannot be drawn at all: its weight rounds to nothing. */
    private int[] candidates(float[] logits, float top) {
        int[] ids = sorted(logits, top - 40 * params.temperature());
        return params.topK() > 0 && params.topK() < ids.length ? Arrays.copyOf(ids, params.topK()) : ids;
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
