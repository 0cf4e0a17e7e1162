package io.orrery.engine.cuda;

import jcuda.driver.CUdeviceptr;

/** JCuda's device pointer of a number, and the number of a device pointer. */
final class DeviceAddress extends CUdeviceptr {
    /** Null, for the driver to fill. */
    DeviceAddress() {}

    DeviceAddress(long address) {
        super(new CUdeviceptr(), address);
    }

    long value() {
        return getNativePointer() + getByteOffset();
    }
}
