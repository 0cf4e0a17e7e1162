package io.orrery.engine.cuda;

/** {@link NativeContract} on kernels of another library: started by {@link RacesTest}, never by the build. */
class MutantNativeContract extends NativeContract {
    @Override
    Gpu gpu() {
        return Mutant.gpu();
    }
}
