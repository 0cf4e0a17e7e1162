package io.orrery.engine.cpu;

import static io.orrery.engine.cpu.InterleavedRows.GROUP_ROWS;

import io.orrery.engine.ops.HostTensors;
import io.orrery.engine.ops.HostWorkspace;
import io.orrery.engine.ops.LinearOutput;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Projections in {@link ActivationMode#NATIVE} by weights that are packed for it: whole-number dot products (interleaved.h) and
 * those of BF16, where the CPU has them. Confined to the thread that owns the device.
 */
final class InterleavedLinear {
    /** Rows of x a task takes, whole tiles: their values stay in the second level of caches. */
    private static final int TOKEN_BLOCK = 264;

    private static final int TOKENS = 12;
    private static final int SCALED_COLUMNS = 128;

    /** Rows of w a task takes. */
    private static final int BF16_TASK_ROWS = 64;

    /** Bytes of rows that are copied before they are packed, where they do not lie in memory as they are. */
    private static final long PIECE = 8 << 20;

    private final Call call;
    private final HostTensors tensors;
    private final Map<DType, InterleavedFormat> formats = new EnumMap<>(DType.class);
    private final @Nullable Kernel quantize;
    private final @Nullable Kernel round;

    InterleavedLinear(KernelLibrary library, Call call, HostTensors tensors) {
        this.call = call;
        this.tensors = tensors;
        for (DType dtype : DType.values()) {
            String name = name(dtype);
            if (InterleavedFormat.isIn(library, name) && (dtype != DType.BF16 || library.cpuHasBf16())) {
                formats.put(dtype, new InterleavedFormat(library, name));
            }
        }
        quantize = library.has("quantize_inputs") ? library.kernel("quantize_inputs") : null;
        round = library.has("round_inputs") ? library.kernel("round_inputs") : null;
    }

    /** NF4 is multiplied as it is, whatever its products were rounded to. */
    private static String name(DType dtype) {
        return switch (dtype) {
            case NF4_F16, NF4_BF16 -> "nf4";
            default -> dtype.name().toLowerCase(Locale.ROOT);
        };
    }

    boolean takes(Tensor host) {
        return formats.containsKey(host.dtype()) && host.shape().rank() == 2;
    }

    /** Packs a weight that {@link #takes} said yes to. */
    Tensor pack(Tensor host) {
        InterleavedFormat format = format(host);
        InterleavedFormat.Layout layout = format.layout(host.cols());
        long groupBytes = layout.groupBytes();
        MemorySegment memory = tensors.memory(Call.tasks(host.rows(), GROUP_ROWS) * groupBytes);
        if (host.storage() instanceof HostMemory bytes && bytes.segment().isNative()) {
            pack(format, memory.address(), bytes.segment().address(), host.rows(), host, groupBytes);
        } else {
            packByPieces(format, memory.address(), host, groupBytes);
        }
        return new Tensor(
                host.dtype(), host.shape(), new InterleavedRows(memory, layout, host.rowBytes(), 0, host.rows()));
    }

    private void packByPieces(InterleavedFormat format, long to, Tensor host, long groupBytes) {
        int rows = (int) Math.max(1, PIECE / (GROUP_ROWS * host.rowBytes())) * GROUP_ROWS;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment piece = arena.allocate(Math.min(rows, host.rows()) * host.rowBytes(), 64);
            for (int from = 0; from < host.rows(); from += rows) {
                int count = Math.min(rows, host.rows() - from);
                host.copyRows(from, from + count, piece);
                pack(format, to + from / GROUP_ROWS * groupBytes, piece.address(), count, host, groupBytes);
            }
        }
    }

    private void pack(InterleavedFormat format, long to, long from, int rows, Tensor host, long groupBytes) {
        call.start().integer(to).integer(from).integer(rows);
        call.integer(host.cols()).integer(host.rowBytes()).integer(groupBytes);
        call.run(format.pack(), Call.tasks(rows, GROUP_ROWS));
    }

    /** Gives the memory of a packed weight back. */
    void free(InterleavedRows packed) {
        tensors.free(packed.memory());
    }

    /** Outputs whose weights are all packed here; those that multiply the same bytes are computed beside each other. */
    void forward(List<LinearOutput> outputs, Tensor x) {
        int from = 0;
        while (from < outputs.size() && x.rows() > 0) {
            InterleavedFormat.Layout layout = layout(outputs.get(from).w());
            int to = from + 1;
            while (to < outputs.size() && layout(outputs.get(to).w()).takesInputsOf(layout)) {
                to++;
            }
            forward(outputs.subList(from, to), layout, x);
            from = to;
        }
    }

    private void forward(List<LinearOutput> outputs, InterleavedFormat.Layout layout, Tensor x) {
        long[] inputs = layout.unit() == 0 ? round(x) : quantize(x, layout);
        long scratch = 0;
        for (LinearOutput output : outputs) {
            if (!call.hasRoom()) {
                call.runAll(scratch);
            }
            Tensor w = output.w();
            InterleavedRows rows = (InterleavedRows) w.storage();
            call.pointer(output.y());
            for (long input : inputs) {
                call.integer(input);
            }
            call.integer(x.rows()).integer(x.cols()).integer(rows.address()).pointer(output.b());
            call.integer(w.rows()).integer(layout.groupBytes()).integer(TOKEN_BLOCK);
            long spans = Call.tasks(w.rows(), layout.unit() == 0 ? BF16_TASK_ROWS : GROUP_ROWS);
            call.beside(format(w).linear(), spans * Call.tasks(x.rows(), TOKEN_BLOCK));
            scratch = Math.max(scratch, scratchBytes(w, layout));
        }
        call.runAll(scratch);
    }

    /** A decoded group: its numbers, and the scales and minima of its units. */
    private static long scratchBytes(Tensor w, InterleavedFormat.Layout layout) {
        return layout.unit() == 0 ? 0 : GROUP_ROWS * (w.cols() + 2L * Float.BYTES * w.cols() / layout.unit());
    }

    /** Where x lies as signed bytes with scales and corrections. */
    private long[] quantize(Tensor x, InterleavedFormat.Layout layout) {
        call.start();
        Tensor values = call.array(Call.tasks(x.elements(), 4));
        Tensor scales = call.array((long) x.rows() * Call.tasks(x.cols(), SCALED_COLUMNS));
        Tensor corrections = call.array(x.elements() / layout.unit());
        call.pointer(values).pointer(scales).pointer(corrections).pointer(x);
        call.integer(x.rows()).integer(x.cols()).integer(layout.unit()).integer(layout.offset());
        call.integer(layout.minima() ? 1 : 0);
        call.run(quantizing(), Call.tasks(x.rows(), TOKENS));
        call.again();
        return new long[] {
            values.segment().address(),
            scales.segment().address(),
            corrections.segment().address()
        };
    }

    /** Where x lies as pairs of BF16. */
    private long[] round(Tensor x) {
        call.start();
        Tensor values = call.array((long) x.rows() * Call.tasks(x.cols(), 2));
        call.pointer(values).pointer(x).integer(x.rows()).integer(x.cols());
        call.run(rounding(), Call.tasks(x.rows(), TOKENS));
        call.again();
        return new long[] {values.segment().address()};
    }

    /** All values of a packed weight. */
    float[] read(Tensor w) {
        try (HostWorkspace copies = new HostWorkspace()) {
            return tensors.read(decode(copies, w));
        }
    }

    /** All rows of a packed weight as F32. */
    Tensor decode(HostWorkspace copies, Tensor w) {
        Tensor decoded = copies.empty(w.rows(), w.cols());
        InterleavedRows rows = (InterleavedRows) w.storage();
        decode(decoded, w, rows, IntStream.range(0, w.rows()).toArray());
        return decoded;
    }

    /** Some rows as F32. */
    void decode(Tensor to, Tensor w, InterleavedRows packed, int[] rows) {
        int[] at = new int[rows.length];
        for (int i = 0; i < rows.length; i++) {
            at[i] = Math.toIntExact(packed.firstRow() + rows[i]);
        }
        call.start().pointer(to).integer(packed.memory().address()).ints(at);
        call.integer(w.cols()).integer(packed.layout().groupBytes());
        call.run(format(w).rows(), rows.length);
    }

    private static InterleavedFormat.Layout layout(Tensor w) {
        return ((InterleavedRows) w.storage()).layout();
    }

    private InterleavedFormat format(Tensor w) {
        InterleavedFormat format = formats.get(w.dtype());
        if (format == null) {
            throw new IllegalStateException("nothing packed " + w);
        }
        return format;
    }

    private Kernel quantizing() {
        if (quantize == null) {
            throw new IllegalStateException("the kernels lack quantize_inputs");
        }
        return quantize;
    }

    private Kernel rounding() {
        if (round == null) {
            throw new IllegalStateException("the kernels lack round_inputs");
        }
        return round;
    }
}
