package io.orrery.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;

/** Damage to a file, seeded: bytes changed, numbers made huge, pieces cut out or doubled. */
public final class Mutations {
    private static final long[] TELLING = {
        0, 1, -1, 31, 32, 33, 64, 255, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE, 1L << 32, 1L << 62, Long.MIN_VALUE
    };

    private Mutations() {}

    /** Hands every mutant to a reader, which must either read it or refuse it with a {@link CheckpointException}. */
    public static void check(byte[] file, int count, Consumer<byte[]> reader) {
        for (int i = 0; i < count; i++) {
            byte[] mutant = mutated(file, new Random(i));
            try {
                reader.accept(mutant);
            } catch (CheckpointException e) {
                if (!e.getMessage().contains(": ")) {
                    throw new AssertionError("mutant " + i + " is refused without a sentence", e);
                }
            } catch (RuntimeException | Error e) {
                throw new AssertionError("mutant " + i + " is neither read nor refused", e);
            }
        }
    }

    /** Hands a reader a file cut off at each of its bytes; it must refuse every one in a sentence that names the file. */
    public static void checkCuts(Path whole, Consumer<Path> reader) throws IOException {
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = whole.resolveSibling("cut");
        for (int length = 0; length < bytes.length; length++) {
            Files.write(cut, Arrays.copyOf(bytes, length));
            assertThatThrownBy(() -> reader.accept(cut))
                    .as("cut off at byte %s", length)
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageStartingWith(cut + ": ");
        }
    }

    private static byte[] mutated(byte[] file, Random random) {
        byte[] mutant = file.clone();
        for (int n = 1 + random.nextInt(3); n > 0; n--) {
            int at = random.nextInt(mutant.length);
            switch (random.nextInt(5)) {
                case 0 -> mutant[at] = (byte) random.nextInt();
                case 1 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> put(mutant, at, TELLING[random.nextInt(TELLING.length)], Integer.BYTES);
                case 3 -> put(mutant, at, TELLING[random.nextInt(TELLING.length)], Long.BYTES);
                default -> {
                    int length = Math.min(random.nextInt(64), mutant.length - at);
                    System.arraycopy(mutant, random.nextInt(mutant.length - length + 1), mutant, at, length);
                }
            }
        }
        return mutant;
    }

    private static void put(byte[] mutant, int at, long value, int bytes) {
        for (int i = 0; i < bytes && at + i < mutant.length; i++) {
            mutant[at + i] = (byte) (value >> 8 * i);
        }
    }
}
