package io.orrery.engine.tokenizer;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** Puts special tokens around the ids of a text (tokenizers, processors/). Immutable. */
sealed interface PostProcessor {
    int[] process(int[] ids);

    /** Nothing is added; ByteLevel's processor only corrects offsets, which are not kept here. */
    record Nothing() implements PostProcessor {
        @Override
        public int[] process(int[] ids) {
            return ids;
        }
    }

    /** {@code before}, the text, {@code after}. */
    record Around(List<Integer> before, List<Integer> after) implements PostProcessor {
        @Override
        public int[] process(int[] ids) {
            return IntStream.concat(
                            IntStream.concat(before.stream().mapToInt(id -> id), Arrays.stream(ids)),
                            after.stream().mapToInt(id -> id))
                    .toArray();
        }
    }

    /** One after another. */
    record Sequence(List<PostProcessor> steps) implements PostProcessor {
        @Override
        public int[] process(int[] ids) {
            int[] result = ids;
            for (PostProcessor step : steps) {
                result = step.process(result);
            }
            return result;
        }
    }
}
