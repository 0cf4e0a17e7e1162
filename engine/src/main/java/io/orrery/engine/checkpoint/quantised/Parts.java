package io.orrery.engine.checkpoint.quantised;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The tensors of a file on their way into whole weights; remembers which were used up. Confined to the thread that joins. */
final class Parts {
    private final String source;
    private final Map<String, Tensor> stored;
    private final Set<String> used = new HashSet<>();
    private final Map<String, Tensor> joined = new LinkedHashMap<>();

    Parts(String source, Map<String, Tensor> stored) {
        this.source = source;
        this.stored = stored;
    }

    /** What stands before a suffix, of all names that have it, in file order. */
    List<String> before(String suffix) {
        return stored.keySet().stream()
                .filter(name -> name.endsWith(suffix) && name.length() > suffix.length())
                .map(name -> name.substring(0, name.length() - suffix.length()))
                .toList();
    }

    /** A part with its bytes in memory, which is not a tensor of its own from then on. */
    Tensor take(String name) {
        return find(name).orElseThrow(() -> broken(name, "is missing"));
    }

    /** @param dtypes those that it may have */
    Tensor take(String name, Shape shape, DType... dtypes) {
        Tensor part = take(name);
        require(name, part, dtypes);
        if (!part.shape().equals(shape)) {
            throw broken(name, "is " + part.shape() + " and not " + shape);
        }
        return part;
    }

    void require(String name, Tensor part, DType... dtypes) {
        if (!List.of(dtypes).contains(part.dtype())) {
            throw broken(name, "is " + part.dtype() + " and not " + List.of(dtypes));
        }
    }

    Optional<Tensor> find(String name) {
        used.add(name);
        return Optional.ofNullable(stored.get(name))
                .map(part -> part.isComputed() ? part.copyTo(Arena.ofAuto()) : part);
    }

    void join(String name, Tensor weight) {
        used.add(name);
        if (joined.put(name, weight) != null) {
            throw broken(name, "is there in two kinds of parts");
        }
    }

    /** The weights that were joined and the tensors that no one took; none of these may be a part. @param suffixes of parts */
    Map<String, Tensor> whole(List<String> suffixes) {
        Map<String, Tensor> whole = new LinkedHashMap<>(joined);
        stored.forEach((name, tensor) -> {
            if (used.contains(name)) {
                return;
            }
            if (suffixes.stream().anyMatch(name::endsWith)) {
                throw broken(name, "stands alone: the parts of its weight that go with it are missing");
            }
            whole.put(name, tensor);
        });
        return whole;
    }

    CheckpointException broken(String name, String problem) {
        return new CheckpointException(
                source, "of a quantised weight, " + name + " " + problem + "; download the weights again");
    }
}
