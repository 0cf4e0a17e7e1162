package io.orrery.engine.cuda;

import io.orrery.engine.tensor.DType;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What packed.cuh packs into tiles of 16 rows by 256 columns; F16 becomes BF16 on the way. */
enum TileFormat {
    BF16(DType.BF16, 8192),
    F16(DType.F16, 8192),
    Q8_0(DType.Q8_0, 4352),
    Q4_0(DType.Q4_0, 2304),
    INT4(DType.INT4, 2432),
    Q4_K(DType.Q4_K, 2304),
    Q5_K(DType.Q5_K, 2816),
    Q6_K(DType.Q6_K, 3360);

    static final int ROWS = 16;
    static final int COLUMNS = 256;

    /** SEGMENTS of packed.cuh. */
    private static final int MOST_SEGMENTS = 8;

    private final DType dtype;
    private final int bytes;

    TileFormat(DType dtype, int bytes) {
        this.dtype = dtype;
        this.bytes = bytes;
    }

    static Optional<TileFormat> of(DType dtype) {
        return Arrays.stream(values()).filter(format -> format.dtype == dtype).findFirst();
    }

    /** As kernels that pack and unpack are called. */
    String packer() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As kernels that multiply are called. */
    String multiplier() {
        return (this == F16 ? BF16 : this).packer();
    }

    /** Whether a tile has to be decoded, so that warps have something to do but wait. */
    boolean isDecoded() {
        return this != BF16 && this != F16;
    }

    /** Bytes of so many rows. */
    long bytes(long rows, int columns) {
        return Math.ceilDiv(rows, ROWS) * tiles(columns) * bytes;
    }

    /** Tiles beside each other. */
    static int tiles(int columns) {
        return Math.ceilDiv(columns, COLUMNS);
    }

    /** Parts of a row that are summed by themselves. */
    static int segments(int columns) {
        return Math.min(tiles(columns), MOST_SEGMENTS);
    }
}
