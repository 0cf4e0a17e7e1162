package io.orrery.engine.cpu;

import io.orrery.engine.ops.Activation;
import io.orrery.engine.ops.AdamWStep;
import io.orrery.engine.ops.AttentionShape;
import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/** Speed of each kernel on this machine: {@code java ... io.orrery.engine.cpu.KernelBench [threads]}. Not a test. */
final class KernelBench {
    private static final double SECONDS = 0.3;

    private final Ops ops;

    private KernelBench(Ops ops) {
        this.ops = ops;
    }

    public static void main(String[] args) {
        int threads = args.length > 0
                ? Integer.parseInt(args[0])
                : Runtime.getRuntime().availableProcessors();
        for (ActivationMode mode : ActivationMode.values()) {
            try (Ops ops = CpuOps.create(new CpuOptions(threads, mode))) {
                System.out.println(ops.device() + ", activations " + mode);
                KernelBench bench = new KernelBench(ops);
                if (mode == ActivationMode.F32) {
                    bench.training();
                    bench.rest();
                }
                bench.inference();
            }
        }
    }

    /** Shapes of a llama of hidden size 256 in batches of 2048 tokens. */
    private void training() {
        for (int[] size : new int[][] {
            {2048, 128, 128}, {2048, 256, 256}, {2048, 256, 768}, {2048, 768, 256}, {2048, 256, 1024}, {512, 1024, 3072}
        }) {
            Tensor x = tensor(size[0], size[1]);
            Tensor w = tensor(size[2], size[1]);
            Tensor y = tensor(size[0], size[2]);
            double flops = 2.0 * size[0] * size[1] * size[2];
            String name = "%4d x %4d -> %4d".formatted(size[0], size[1], size[2]);
            report("linear " + name, flops, 0, () -> ops.linear(y, x, w, null));
            report("dx     " + name, flops, 0, () -> ops.linearBackward(x, null, null, y, x, w));
            report("dw     " + name, flops, 0, () -> ops.linearBackward(null, w, null, y, x, w));
        }
        AttentionShape shape = new AttentionShape(8, 4, 32, 0.2f, true, 0);
        int[] lengths = new int[16];
        Arrays.fill(lengths, 128);
        Batch batch = Batch.packed(lengths);
        Tensor q = tensor(2048, 256);
        Tensor k = tensor(2048, 128);
        Tensor v = tensor(2048, 128);
        Tensor y = tensor(2048, 256);
        double flops = 4.0 * 2048 * 64.5 * 256;
        report("attention 16 x 128", flops, 0, () -> ops.attention(y, q, k, v, batch, shape));
        Tensor dq = tensor(2048, 256);
        Tensor dk = tensor(2048, 128);
        Tensor dv = tensor(2048, 128);
        report(
                "attention backward 16 x 128",
                2.5 * flops,
                0,
                () -> ops.attentionBackward(dq, dk, dv, y, q, k, v, batch, shape));
    }

    private void rest() {
        Tensor x = tensor(2048, 256);
        Tensor y = tensor(2048, 256);
        Tensor z = tensor(2048, 256);
        Tensor w = tensor(256);
        double bytes = 4.0 * x.elements();
        report("rms norm", 0, 2 * bytes, () -> ops.rmsNorm(y, x, w, 1e-5f, 0));
        report("rms norm backward", 0, 4 * bytes, () -> ops.rmsNormBackward(z, w, y, x, w, 1e-5f, 0));
        report("add", 0, 3 * bytes, () -> ops.add(y, x, 1e-9f));
        report("silu * up", 0, 3 * bytes, () -> ops.activate(y, x, z, Activation.SILU));
        report("silu * up backward", 0, 7 * bytes, () -> ops.activateBackward(y, z, x, x, x, Activation.SILU));
        int[] positions = IntStream.range(0, 2048).toArray();
        Tensor angles = tensor(2048, 32);
        report("rope angles", 0, 4 * angles.elements(), () -> ops.ropeAngles(angles, positions, new float[16], 1));
        report("rope", 0, 2 * bytes, () -> ops.rope(y, x, angles, 32, 1));
        report("rope backward", 0, 3 * bytes, () -> ops.rope(y, x, angles, 32, -1));
        report("gather", 0, 2 * bytes, () -> ops.gather(y, x, positions));
        report("scatter add", 0, 3 * bytes, () -> ops.scatterAdd(y, x, positions));
        report("zeros", 0, bytes, () -> ops.zero(y));
        Tensor logits = tensor(2048, 1024);
        Tensor dLogits = tensor(2048, 1024);
        Tensor losses = tensor(2048);
        int[] targets = new int[2048];
        report(
                "cross entropy",
                0,
                8.0 * logits.elements(),
                () -> ops.crossEntropy(losses, dLogits, logits, targets, 1));
        Tensor weights = tensor(2_000_000);
        Tensor gradients = tensor(2_000_000);
        Tensor first = ops.persistent(2_000_000);
        Tensor second = ops.persistent(2_000_000);
        AdamWStep step = new AdamWStep(10, 1e-3, 0.9, 0.95, 1e-8, 0.1, 1);
        report("adamw", 0, 28.0 * 2e6, () -> ops.adamW(weights, gradients, first, second, step));
        report("sum of squares", 0, 4.0 * 2e6, () -> ops.sumOfSquares(weights));
    }

    /** Shapes of a model of 0.6 billion parameters: decoding one and eight, and a prompt. */
    private void inference() {
        for (DType dtype : new DType[] {
            DType.F32,
            DType.BF16,
            DType.F16,
            DType.Q8_0,
            DType.Q4_0,
            DType.Q4_K,
            DType.Q5_K,
            DType.Q6_K,
            DType.NF4,
            DType.INT4
        }) {
            Tensor w = frozen(dtype, 12 * 3072, 1024);
            for (int tokens : new int[] {1, 2, 4, 8, 16, 512}) {
                Tensor x = tensor(tokens, 1024);
                Tensor y = tensor(tokens, 12 * 3072);
                report(
                        "%s linear %3d x 1024 -> 36864".formatted(dtype, tokens),
                        2.0 * tokens * w.elements(),
                        w.rows() * w.rowBytes(),
                        () -> ops.linear(y, x, w, null));
            }
        }
        AttentionShape shape = new AttentionShape(16, 8, 128, 0.09f, true, 0);
        Tensor k = tensor(4096, 1024);
        Tensor v = tensor(4096, 1024);
        Tensor q = tensor(1, 2048);
        Tensor y = tensor(1, 2048);
        Batch batch = new Batch(
                new int[] {4095},
                new int[] {0, 1},
                new int[] {4096},
                new int[][] {IntStream.range(0, 256).toArray()},
                16,
                new int[] {4095});
        report(
                "decoding over 4096 keys",
                4.0 * 4096 * 2048,
                2.0 * 4 * k.elements(),
                () -> ops.attention(y, q, k, v, batch, shape));
        Batch prompt = Batch.packed(1024);
        Tensor qs = tensor(1024, 2048);
        Tensor ys = tensor(1024, 2048);
        report("prompt of 1024", 4.0 * 1024 * 512 * 2048, 0, () -> ops.attention(ys, qs, k, v, prompt, shape));
    }

    private Tensor tensor(long... dims) {
        float[] values = new float[(int) Shape.of(dims).elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i % 17 - 8) * 0.01f;
        }
        return ops.upload(values, dims);
    }

    private Tensor frozen(DType dtype, long rows, long cols) {
        try (Arena arena = Arena.ofConfined()) {
            Shape shape = Shape.of(rows, cols);
            return ops.pack(new Tensor(dtype, shape, new HostMemory(arena.allocate(dtype.bytes(shape.elements())))));
        }
    }

    private static void report(String name, double flops, double bytes, Runnable operation) {
        double best = Double.MAX_VALUE;
        long end = System.nanoTime() + (long) (SECONDS * 1e9);
        for (int i = 0; i < 20 || System.nanoTime() < end; i++) {
            long start = System.nanoTime();
            operation.run();
            best = Math.min(best, (System.nanoTime() - start) * 1e-9);
        }
        System.out.printf(
                Locale.ROOT,
                "  %-32s %9.1f us %s %s%n",
                name,
                best * 1e6,
                flops > 0 ? "%8.1f GFLOP/s".formatted(flops / best / 1e9) : "",
                bytes > 0 ? "%8.1f GB/s".formatted(bytes / best / 1e9) : "");
    }
}
