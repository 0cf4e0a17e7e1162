package io.orrery.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;

/** Reference outputs of the Hugging Face stack, where the folder that holds them is present. */
final class Golden {
    private static final double TOLERANCE = 1e-4;

    private Golden() {}

    /** Skips the test where there is no such case. */
    static Path folder(String name) {
        Path folder = Path.of("../../shared/golden").resolve(name);
        assumeTrue(Files.isDirectory(folder), () -> "there is no " + folder.toAbsolutePath());
        return folder;
    }

    static int[] ids(Tensor tensor) {
        return IntStream.range(0, (int) tensor.elements())
                .map(i -> (int) tensor.segment().getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i))
                .toArray();
    }

    static void isClose(float[] got, Tensor want) {
        assertThat(got).hasSize((int) want.elements());
        for (int i = 0; i < got.length; i++) {
            float wanted = want.at(i);
            if (!(Math.abs(got[i] - wanted) <= TOLERANCE + TOLERANCE * Math.abs(wanted))) {
                throw new AssertionError("element " + i + " of " + want + " is " + got[i] + " and not " + wanted);
            }
        }
    }
}
