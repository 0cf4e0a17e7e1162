package io.orrery.engine.cuda;

import java.lang.foreign.MemorySegment;
import jcuda.Pointer;

/** JCuda's pointer to native memory of this process. */
final class HostAddress extends Pointer {
    /** Null, for the driver to fill. */
    HostAddress() {}

    HostAddress(MemorySegment segment) {
        super(segment.address());
    }

    MemorySegment segment(long bytes) {
        return MemorySegment.ofAddress(getNativePointer() + getByteOffset()).reinterpret(bytes);
    }
}
