package io.orrery.engine.cuda;

import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Projections by tensor cores: products of BF16, sums in F32 in one order whatever the batch, weights in tiles. Which kernel
 * computes a result does not show in it. Confined to the thread that owns the device.
 */
final class TiledLinear implements AutoCloseable {
    private static final long PART_BYTES = 64L << 20;

    /** Columns of the result that a block of linear_prefill.cuh or linear_hopper.cu computes. */
    private static final int BLOCK_COLUMNS = 128;

    /** Most rows that linear_decode.cu takes. */
    private static final int DECODE_ROWS = 8;

    /** More rows than this are worth a block of 128. */
    private static final int HOPPER_FROM = 65;

    private static final int HOPPER_ROWS = 128;
    private static final int HOPPER_THREADS = 384;
    private static final int HOPPER_SHARED = 8 * 16384 + 1024;
    private static final int THREADS = 256;

    private final Call call;
    private final CudaTensors tensors;
    private final int multiprocessors;
    private final boolean isHopper;
    private final Tensor arrivals;
    private final CastInput input;

    TiledLinear(Call call, CudaTensors tensors, Gpu gpu) {
        this.call = call;
        this.tensors = tensors;
        GpuProperties properties = gpu.properties();
        multiprocessors = properties.multiprocessors();
        isHopper = properties.computeCapability().equals("9.0");
        arrivals = tensors.persistent(2L * multiprocessors);
        input = new CastInput(gpu);
    }

    static boolean isTiled(Tensor tensor) {
        return tensor.storage() instanceof TiledMemory;
    }

    Tensor pack(Tensor host, TileFormat format) {
        int rowsAtOnce =
                TileFormat.ROWS * (int) Math.max(1, PART_BYTES / TileFormat.ROWS / Math.max(1, host.rowBytes()));
        int most = Math.min(rowsAtOnce, host.rows());
        TiledMemory memory = tensors.allocateTiles(format.bytes(host.rows(), host.cols()));
        DeviceMemory part = tensors.allocate(most * host.rowBytes());
        for (int row = 0; row < host.rows(); row += rowsAtOnce) {
            int end = Math.min(host.rows(), row + rowsAtOnce);
            tensors.upload(host.rows(row, end), part.address());
            call.start("pack_" + format.packer()).pointer(memory.address() + format.bytes(row, host.cols()));
            call.pointer(part.address()).integer(end - row).integer(host.cols()).number(host.rowBytes());
            call.run(Geometry.blocks(
                    (long) Math.ceilDiv(end - row, TileFormat.ROWS) * TileFormat.tiles(host.cols()), 128));
        }
        tensors.free(new Tensor(DType.F32, host.shape(), part));
        return new Tensor(host.dtype(), host.shape(), memory);
    }

    float[] read(Tensor from) {
        float[] values = new float[Math.toIntExact(from.elements())];
        int rowsAtOnce = (int) Math.max(1, PART_BYTES / 4 / from.cols());
        for (int row = 0; row < from.rows(); row += rowsAtOnce) {
            int count = Math.min(rowsAtOnce, from.rows() - row);
            float[] part = tensors.read(unpacked(from, row, count));
            System.arraycopy(part, 0, values, row * from.cols(), part.length);
        }
        return values;
    }

    /** Rows in F32, until the next call starts. */
    Tensor unpacked(Tensor from, int row, int count) {
        call.start("unpack_" + format(from).packer());
        Tensor to = call.array(count, from.cols());
        call.pointer(to).pointer(address(from)).pointer(0).integer(row).integer(from.cols());
        call.run(unpacking(count, from.cols()));
        return to;
    }

    void gather(Tensor y, Tensor x, int[] rows) {
        call.start("unpack_" + format(x).packer()).pointer(y).pointer(address(x));
        call.ints(rows).integer(0).integer(x.cols()).run(unpacking(rows.length, x.cols()));
    }

    private static Geometry unpacking(int rows, int columns) {
        return Geometry.blocks(rows, Math.ceilDiv(columns, 1024), THREADS);
    }

    void forward(Tensor y, Tensor x, Tensor w, @Nullable Tensor b) {
        if (x.rows() <= DECODE_ROWS) {
            decode(y, x, w, b);
        } else if (isHopper && x.rows() >= HOPPER_FROM) {
            hopper(y, x, w, b);
        } else {
            prefill(y, x, w, b);
        }
    }

    private void decode(Tensor y, Tensor x, Tensor w, @Nullable Tensor b) {
        int segments = TileFormat.segments(w.cols());
        int rowsOfTiles = Math.ceilDiv(w.rows(), TileFormat.ROWS);
        boolean isWide = format(w).isDecoded()
                && rowsOfTiles > 2 * multiprocessors
                && TileFormat.tiles(w.cols()) <= 2 * segments;
        int perBlock = Math.max(1, 8 / segments);
        call.start(
                (isWide ? "linear_decode_wide_" : "linear_decode_") + format(w).multiplier());
        operands(y, CudaTensors.memory(x).address(), w, b, x.rows());
        call.run(Geometry.blocks(Math.ceilDiv(rowsOfTiles, perBlock), 32 * segments * perBlock));
    }

    private void hopper(Tensor y, Tensor x, Tensor w, @Nullable Tensor b) {
        int rows = Math.ceilDiv(x.rows(), HOPPER_ROWS);
        int tiles = TileFormat.tiles(w.cols());
        long image = cast("linear_cast_hopper", x, Geometry.blocks(rows, tiles, THREADS), HOPPER_ROWS);
        int columns = Math.ceilDiv(Math.ceilDiv(w.rows(), BLOCK_COLUMNS), 2) * 2;
        call.start("linear_hopper_" + format(w).multiplier());
        operands(y, image, w, b, x.rows());
        call.run(Geometry.blocks(rows, columns, HOPPER_THREADS).shared(HOPPER_SHARED));
        input.used();
    }

    private void prefill(Tensor y, Tensor x, Tensor w, @Nullable Tensor b) {
        int width = x.rows() <= 32 ? 32 : 64;
        int rows = Math.ceilDiv(x.rows(), width);
        int columns = Math.ceilDiv(w.rows(), BLOCK_COLUMNS);
        boolean isSplit = 4 * rows * columns < 3 * multiprocessors;
        int segments = isSplit ? TileFormat.segments(w.cols()) : 1;
        Geometry casting = Geometry.blocks(Math.ceilDiv(x.rows(), 8), TileFormat.tiles(w.cols()), THREADS);
        long fragments = cast("linear_cast", x, casting, 8);
        call.start("linear_prefill_" + format(w).multiplier() + "_" + width);
        Tensor partial =
                call.array(isSplit ? (long) segments * rows * columns : 1, isSplit ? BLOCK_COLUMNS * width : 1);
        operands(y, fragments, w, b, x.rows()).pointer(partial).pointer(arrivals);
        call.run(new Geometry(rows, columns, segments, THREADS, 1, 1024 * width));
        input.used();
    }

    /** The address of x in BF16, in the order that the kernel makes, padded to so many rows. */
    private long cast(String kernel, Tensor x, Geometry geometry, int rowsAtOnce) {
        if (input.holds(kernel, x)) {
            return input.address();
        }
        long bytes = (long) Short.BYTES * rowsAtOnce * geometry.gridX() * TileFormat.COLUMNS * geometry.gridY();
        long address = input.replace(kernel, x, bytes);
        call.start(kernel)
                .pointer(address)
                .pointer(x)
                .integer(x.rows())
                .integer(x.cols())
                .run(geometry);
        return address;
    }

    private Call operands(Tensor y, long x, Tensor w, @Nullable Tensor b, int rows) {
        call.pointer(y).pointer(x).pointer(address(w)).pointer(b);
        return call.integer(rows).integer(w.cols()).integer(w.rows());
    }

    private static long address(Tensor tiled) {
        return ((TiledMemory) tiled.storage()).address();
    }

    private static TileFormat format(Tensor tiled) {
        return TileFormat.of(tiled.dtype()).orElseThrow();
    }

    @Override
    public void close() {
        input.close();
    }
}
