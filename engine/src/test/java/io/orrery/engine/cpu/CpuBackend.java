package io.orrery.engine.cpu;

import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.ScalarOps;
import io.orrery.engine.ops.contract.Backend;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A way to compute on this machine: plain loops, or kernels of one level on some threads. */
record CpuBackend(String level, int threads) implements Backend {
    static final CpuBackend SCALAR = new CpuBackend("scalar", 1);

    /** Every level that was built and that this CPU runs; says so where there is none. */
    static Stream<CpuBackend> all() {
        List<CpuBackend> kernels = kernels().toList();
        if (kernels.isEmpty()) {
            System.out.println("no kernels were built: the contract runs against ScalarOps alone");
        }
        return Stream.concat(Stream.of(SCALAR), kernels.stream());
    }

    static Stream<CpuBackend> kernels() {
        try (Arena arena = Arena.ofShared()) {
            Optional<KernelLibrary> portable = KernelLibrary.open("portable", arena);
            int best = portable.map(KernelLibrary::cpuLevel).orElse(-1);
            return IntStream.rangeClosed(0, best)
                    .mapToObj(level -> new CpuBackend(KernelLibrary.LEVELS.get(level), 1 + level))
                    .filter(backend ->
                            KernelLibrary.open(backend.level(), arena).isPresent())
                    .toList()
                    .stream();
        }
    }

    @Override
    public CpuBackend withThreads(int threads) {
        return new CpuBackend(level, threads);
    }

    @Override
    public Ops open() {
        return level.equals("scalar")
                ? new ScalarOps()
                : CpuOps.create(level, new CpuOptions(threads, ActivationMode.F32))
                        .orElseThrow();
    }

    @Override
    public String toString() {
        return level + " on " + threads;
    }
}
