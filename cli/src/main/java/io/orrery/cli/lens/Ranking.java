package io.orrery.cli.lens;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The likeliest next tokens, the likeliest first. */
public record Ranking(List<Candidate> candidates) {
    public Ranking {
        candidates = List.copyOf(candidates);
    }

    /** @param logProbability of the softmax over the whole vocabulary */
    public record Candidate(Piece piece, float logit, double logProbability) {
        public double probability() {
            return Math.exp(logProbability);
        }

        /** As one line of the answer. */
        public Map<String, Object> toJson() {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("id", piece.id());
            line.put("token", piece.token());
            line.put("text", piece.text());
            line.put("logit", logit);
            line.put("logprob", logProbability);
            return line;
        }
    }

    /** @param logits of the whole vocabulary; of equal ones, the lower id is first */
    static Ranking of(float[] logits, int most, Pieces pieces) {
        double normaliser = logSumOfExponentials(logits);
        return new Ranking(IntStream.range(0, logits.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer id) -> -logits[id])
                        .thenComparing(Comparator.naturalOrder()))
                .limit(most)
                .map(id -> new Candidate(pieces.of(id), logits[id], logits[id] - normaliser))
                .toList());
    }

    private static double logSumOfExponentials(float[] logits) {
        double highest = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            highest = Math.max(highest, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - highest);
        }
        return highest + Math.log(sum);
    }
}
