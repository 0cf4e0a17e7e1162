package io.orrery.engine.cuda;

import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.contract.Backend;
import java.util.stream.Stream;

/** The emulator, or the first GPU. */
enum CudaBackend implements Backend {
    EMULATED {
        @Override
        public Ops open() {
            return new CudaOps(EmulatedGpu.open(), "cuda-emulated", ActivationMode.F32);
        }
    },
    GPU {
        @Override
        public Ops open() {
            return new CudaOps(JCudaGpu.open("cuda:0"), "cuda:0", ActivationMode.F32);
        }
    };

    static Stream<CudaBackend> emulated() {
        return Stream.of(EMULATED);
    }

    static Stream<CudaBackend> gpu() {
        return Stream.of(GPU);
    }
}
