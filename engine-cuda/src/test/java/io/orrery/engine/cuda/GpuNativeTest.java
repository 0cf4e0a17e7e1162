package io.orrery.engine.cuda;

/** {@link NativeContract} on a GPU, where wgmma computes the largest batch. */
@EnabledIfGpu
class GpuNativeTest extends NativeContract {
    @Override
    Gpu gpu() {
        return JCudaGpu.open("cuda:0");
    }
}
