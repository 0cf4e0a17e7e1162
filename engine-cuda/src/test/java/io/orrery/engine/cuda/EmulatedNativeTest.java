package io.orrery.engine.cuda;

/** {@link NativeContract} in the emulator. */
class EmulatedNativeTest extends NativeContract {
    @Override
    Gpu gpu() {
        return EmulatedGpu.open();
    }
}
