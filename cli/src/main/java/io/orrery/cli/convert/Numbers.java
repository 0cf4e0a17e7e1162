package io.orrery.cli.convert;

import io.orrery.engine.tensor.DType;
import java.util.Optional;

/** What matrices are stored in; everything else stays F32 in GGUF files. */
enum Numbers {
    AUTO,
    F32,
    F16,
    BF16,
    Q8_0;

    static final String DESCRIPTION =
            "auto, f32, f16, bf16, or q8_0 in a GGUF file (default: the model's own, bf16 where it is quantised).";

    Optional<DType> dtype() {
        return this == AUTO ? Optional.empty() : Optional.of(DType.valueOf(name()));
    }
}
