package io.orrery.engine.train;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Which examples each step takes: epoch after epoch, in an order that seed and epoch alone decide, so that a run goes on
 * anywhere as if it had never stopped. The last step of an epoch takes what is left of it. Confined to one thread.
 */
final class ExampleOrder {
    private final List<Example> examples;
    private final Hyperparameters.Passes passes;
    private final String digest;
    private int shuffledEpoch = -1;
    private int[] order = {};

    /** @throws TrainingException where no example has a label to learn */
    ExampleOrder(List<Example> examples, Hyperparameters.Passes passes) {
        this.examples = examples.stream()
                .map(example -> example.truncated(passes.maxSequenceLength()))
                .filter(example -> example.trainedTokens() > 0)
                .toList();
        this.passes = passes;
        if (this.examples.isEmpty()) {
            throw new TrainingException(
                    TrainingException.Cause.DATA, "none of " + examples.size() + " examples has a token to learn");
        }
        this.digest = digest(this.examples);
    }

    int stepsPerEpoch() {
        return Math.ceilDiv(examples.size(), passes.examplesPerStep());
    }

    int totalSteps() {
        long all = (long) stepsPerEpoch() * passes.epochs();
        return Math.toIntExact(passes.maxSteps() > 0 ? passes.maxSteps() : all);
    }

    /** @param step from 0 */
    List<Example> step(int step) {
        int epoch = step / stepsPerEpoch();
        if (epoch != shuffledEpoch) {
            order = order(epoch);
            shuffledEpoch = epoch;
        }
        int from = step % stepsPerEpoch() * passes.examplesPerStep();
        int to = Math.min(from + passes.examplesPerStep(), examples.size());
        List<Example> chosen = new ArrayList<>(to - from);
        for (int i = from; i < to; i++) {
            chosen.add(examples.get(order[i]));
        }
        return chosen;
    }

    /** Fisher and Yates' shuffle. */
    private int[] order(int epoch) {
        int[] shuffled = IntStream.range(0, examples.size()).toArray();
        SplittableRandom random = new SplittableRandom(passes.seed() * 0x9E3779B97F4A7C15L + epoch);
        for (int i = shuffled.length - 1; passes.shuffle() && i > 0; i--) {
            int j = random.nextInt(i + 1);
            int swapped = shuffled[i];
            shuffled[i] = shuffled[j];
            shuffled[j] = swapped;
        }
        return shuffled;
    }

    /** SHA-256 of all tokens and labels in their order, in hex: tells one data set from another. */
    String digest() {
        return digest;
    }

    private static String digest(List<Example> examples) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (Example example : examples) {
                ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * (1 + 2 * example.tokens().length));
                bytes.putInt(example.tokens().length);
                bytes.asIntBuffer().put(example.tokens()).put(example.labels());
                digest.update(bytes.array());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
