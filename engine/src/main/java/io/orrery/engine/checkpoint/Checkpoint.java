package io.orrery.engine.checkpoint;

import io.orrery.engine.tensor.Tensor;
import java.util.Map;

/**
 * Weights on disk, memory-mapped: a tensor's bytes are read when they are first touched. Immutable and safe for threads while
 * open; after {@link #close} its tensors must not be touched.
 */
public interface Checkpoint extends AutoCloseable {
    /** All tensors by the file's own names, in file order, in host memory. */
    Map<String, Tensor> tensors();

    /** One tensor. @throws CheckpointException that names the nearest names where there is no such tensor */
    default Tensor tensor(String name) {
        Tensor tensor = tensors().get(name);
        if (tensor == null) {
            throw new CheckpointException(
                    source(), NearestNames.absent(name, tensors().keySet()));
        }
        return tensor;
    }

    /** The file or folder, as messages name it. */
    String source();

    @Override
    void close();
}
