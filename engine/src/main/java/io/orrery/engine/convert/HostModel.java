package io.orrery.engine.convert;

import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.tensor.Tensor;
import java.util.Map;

/**
 * A model in this process, wherever it came from.
 *
 * @param contextLength positions that it was made for
 * @param weights by our names, in host memory or computed
 */
public record HostModel(String name, CausalLm spec, int contextLength, Map<String, Tensor> weights) {
    /** Readable while the files are open. */
    public static HostModel of(ModelFiles files) {
        return new HostModel(files.name(), files.spec(), files.contextLength(), files.weights());
    }
}
