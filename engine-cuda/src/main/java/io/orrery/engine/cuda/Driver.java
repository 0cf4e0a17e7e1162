package io.orrery.engine.cuda;

import io.orrery.engine.ops.DeviceException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import jcuda.driver.CUdevice;
import jcuda.driver.CUdevice_attribute;
import jcuda.driver.CUresult;
import jcuda.driver.CUuuid;
import jcuda.driver.JCudaDriver;

/** The CUDA driver of this machine and the GPUs that it shows. */
final class Driver {
    private static final String PREFIX = "cuda:";

    private Driver() {}

    /** A GPU by its place among all. */
    record Device(int index, CUdevice handle, GpuProperties properties) {
        @Override
        public String toString() {
            return PREFIX + index + " " + properties.name() + " (" + properties.uuid() + ")";
        }
    }

    /** @throws DeviceException where there is no driver, or none that works */
    static void initialise() {
        try {
            JCudaDriver.setExceptionsEnabled(false);
            int code = JCudaDriver.cuInit(0);
            if (code == CUresult.CUDA_ERROR_NO_DEVICE) {
                throw new DeviceException("the CUDA driver finds no GPU; look at nvidia-smi and CUDA_VISIBLE_DEVICES");
            }
            check(code, "start the CUDA driver");
        } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
            throw new DeviceException(
                    "no CUDA driver was found: libcuda.so.1 cannot be loaded; install NVIDIA's driver, or compute on the cpu",
                    e);
        }
    }

    /** The CUDA version that the driver was made for, such as {@code 13.0}. */
    static String version() {
        int[] version = new int[1];
        check(JCudaDriver.cuDriverGetVersion(version), "ask for the driver's version");
        return version[0] / 1000 + "." + version[0] % 1000 / 10;
    }

    static List<Device> devices() {
        initialise();
        int[] count = new int[1];
        check(JCudaDriver.cuDeviceGetCount(count), "count GPUs");
        return IntStream.range(0, count[0]).mapToObj(Driver::device).toList();
    }

    private static Device device(int index) {
        CUdevice handle = new CUdevice();
        check(JCudaDriver.cuDeviceGet(handle, index), "look at GPU " + index);
        byte[] name = new byte[128];
        check(JCudaDriver.cuDeviceGetName(name, name.length, handle), "ask for a GPU's name");
        CUuuid uuid = new CUuuid();
        check(JCudaDriver.cuDeviceGetUuid(uuid, handle), "ask for a GPU's UUID");
        long[] bytes = new long[1];
        check(JCudaDriver.cuDeviceTotalMem(bytes, handle), "ask for a GPU's memory");
        GpuProperties properties = new GpuProperties(
                new String(name, StandardCharsets.UTF_8).split("\0", 2)[0],
                text(uuid.bytes),
                attribute(handle, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR),
                attribute(handle, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR),
                attribute(handle, CUdevice_attribute.CU_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT),
                bytes[0]);
        return new Device(index, handle, properties);
    }

    private static int attribute(CUdevice device, int attribute) {
        int[] value = new int[1];
        check(JCudaDriver.cuDeviceGetAttribute(value, attribute, device), "ask for a GPU's properties");
        return value[0];
    }

    /** As nvidia-smi prints it. */
    private static String text(byte[] uuid) {
        return "GPU-" + new UUID(number(uuid, 0), number(uuid, 8));
    }

    private static long number(byte[] bytes, int from) {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | bytes[from + i] & 0xff;
        }
        return value;
    }

    /**
     * The GPU that {@code cuda:N} or {@code cuda:GPU-uuid} names; of a UUID its beginning is enough.
     *
     * @throws DeviceException where there is none, naming those that are there
     */
    static Device find(String device) {
        List<Device> devices = devices();
        String wanted = device.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
        List<Device> found = devices.stream()
                .filter(each -> String.valueOf(each.index()).equals(wanted)
                        || wanted.startsWith("gpu-")
                                && each.properties()
                                        .uuid()
                                        .toLowerCase(Locale.ROOT)
                                        .startsWith(wanted))
                .toList();
        if (found.size() != 1) {
            throw new DeviceException((found.isEmpty() ? "there is no " + device : device + " names several GPUs")
                    + "; this machine has "
                    + (devices.isEmpty()
                            ? "none"
                            : devices.stream().map(Device::toString).collect(Collectors.joining(", "))));
        }
        return found.getFirst();
    }

    /** @throws DeviceException naming what was tried and the driver's word for what was wrong */
    static void check(int code, String what) {
        if (code != CUresult.CUDA_SUCCESS) {
            throw new DeviceException("could not " + what + ": " + describe(code));
        }
    }

    static String describe(int code) {
        String[] name = new String[1];
        String[] text = new String[1];
        JCudaDriver.cuGetErrorName(code, name);
        JCudaDriver.cuGetErrorString(code, text);
        return name[0] == null ? "CUDA error " + code : name[0] + " (" + text[0] + ")";
    }
}
