package io.orrery.engine.convert;

import io.orrery.engine.tensor.DType;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * How the tensors of a file are quantised together: llama.cpp {@code include/llama.h}, {@code llama_ftype}, those of its kinds
 * that need no importance matrix.
 */
public enum Mix {
    F32(0, DType.F32),
    F16(1, DType.F16),
    BF16(32, DType.BF16),
    Q4_0(2, DType.Q4_0),
    Q4_1(3, DType.Q4_1),
    Q5_0(8, DType.Q5_0),
    Q5_1(9, DType.Q5_1),
    Q8_0(7, DType.Q8_0),
    Q2_K(10, DType.Q2_K),
    Q3_K_S(11, DType.Q3_K),
    Q3_K_M(12, DType.Q3_K),
    Q3_K_L(13, DType.Q3_K),
    Q4_K_S(14, DType.Q4_K),
    Q4_K_M(15, DType.Q4_K),
    Q5_K_S(16, DType.Q5_K),
    Q5_K_M(17, DType.Q5_K),
    Q6_K(18, DType.Q6_K),
    IQ4_NL(25, DType.IQ4_NL),
    IQ4_XS(30, DType.IQ4_XS);

    private final int fileType;
    private final DType base;

    Mix(int fileType, DType base) {
        this.fileType = fileType;
        this.base = base;
    }

    /** The value of {@code general.file_type}. */
    public int fileType() {
        return fileType;
    }

    /** What most tensors become. */
    public DType base() {
        return base;
    }

    /** Whether the name says that it is more than one type. */
    boolean isNamedAsMix() {
        return !base.name().equals(name());
    }

    /** A mix by its name, in any case. */
    static Optional<Mix> named(String name) {
        return Arrays.stream(values())
                .filter(mix -> mix.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst();
    }

    /** The smallest mix of a type, whose number stands for a file of that type alone. */
    static Mix ofType(DType dtype) {
        return Arrays.stream(values())
                .filter(mix -> mix.base == dtype)
                .findFirst()
                .orElseThrow(() -> new ConversionException("GGUF files are not made of " + dtype + " here"));
    }
}
