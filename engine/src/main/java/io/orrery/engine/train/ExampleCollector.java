package io.orrery.engine.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Gathers the examples of a file and counts what happens to them. Confined to one thread. */
final class ExampleCollector {
    private final RowEncoder encoder;
    private final int maxLength;
    private final List<Example> examples = new ArrayList<>();
    private final Set<List<Integer>> seen = new HashSet<>();
    private int rows;
    private long tokens;
    private long trainedTokens;
    private int truncated;
    private int masked;
    private int duplicates;
    private int longest;

    /** @param maxLength tokens that an example is cut to */
    ExampleCollector(RowEncoder encoder, int maxLength) {
        this.encoder = encoder;
        this.maxLength = maxLength;
    }

    /** @throws RowException where the row cannot be encoded */
    void add(Row row) {
        rows++;
        encoder.encode(row).forEach(this::add);
    }

    private void add(Example whole) {
        Example example = whole.truncated(maxLength);
        longest = Math.max(longest, whole.tokens().length);
        truncated += example == whole ? 0 : 1;
        int trained = example.trainedTokens();
        if (trained == 0) {
            masked++;
            return;
        }
        duplicates += seen.add(fingerprint(example)) ? 0 : 1;
        tokens += example.tokens().length;
        trainedTokens += trained;
        examples.add(example);
    }

    private static List<Integer> fingerprint(Example example) {
        return List.of(Arrays.hashCode(example.tokens()), Arrays.hashCode(example.labels()), example.tokens().length);
    }

    /** @throws TrainingException where there is nothing to train on */
    TrainingData finish(String file) {
        TrainingData.Report report = new TrainingData.Report(
                rows, examples.size(), tokens, trainedTokens, truncated, masked, duplicates, longest);
        if (examples.isEmpty()) {
            throw new TrainingException(TrainingException.Cause.DATA, file + " has nothing to train on: " + report);
        }
        return new TrainingData(examples, report);
    }
}
