package io.orrery.engine.cuda;

/**
 * What a GPU is.
 *
 * @param name such as {@code NVIDIA H100 80GB HBM3}
 * @param uuid {@code GPU-} and 36 characters, as nvidia-smi prints it
 * @param major of the compute capability
 * @param minor of the compute capability
 * @param multiprocessors streaming multiprocessors
 * @param memoryBytes all of its memory
 */
record GpuProperties(String name, String uuid, int major, int minor, int multiprocessors, long memoryBytes) {
    /** Such as {@code 9.0}. */
    String computeCapability() {
        return major + "." + minor;
    }
}
