package io.orrery.engine.checkpoint.pickle;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.pickle.PickleValue.Mapping;
import io.orrery.engine.checkpoint.pickle.PickleValue.Storage;
import io.orrery.engine.checkpoint.pickle.PickleValue.View;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Makes tensors of their descriptions: in place where their elements are neighbours, row by row where they are not.
 *
 * @param fileBytes no tensor is larger, however often it repeats an element
 * @param storages the bytes of a storage, exactly as many as it says
 */
record ViewTensors(String source, long fileBytes, Function<Storage, MemorySegment> storages) {
    /** The tensors of a dictionary that holds nothing else. */
    Map<String, Tensor> all(PickleValue top) {
        if (!(top instanceof Mapping dictionary)) {
            throw new CheckpointException(
                    source, "the file holds " + top.kind() + " and no dictionary of tensors; save the state_dict");
        }
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        dictionary.entries().forEach((name, value) -> {
            if (!(value instanceof View view)) {
                throw new CheckpointException(
                        source,
                        "the dictionary holds " + value.kind() + " under '" + name
                                + "' and not only tensors; save the model's state_dict alone");
            }
            tensors.put(name, tensor(name, view));
        });
        return tensors;
    }

    private Tensor tensor(String name, View view) {
        Shape shape = new Shape(view.sizes());
        MemorySegment storage = storages.apply(view.storage());
        try {
            long bytes = view.dtype().bytes(shape.elements());
            if (bytes == 0) {
                return new Tensor(view.dtype(), shape, new HostMemory(storage.asSlice(0, 0)));
            }
            if (bytes > fileBytes) {
                throw broken(name, view, "is larger than the whole file");
            }
            int element = view.dtype().blockBytes();
            long first = Math.multiplyExact(view.offset(), element);
            long end = Math.addExact(Math.addExact(first, Math.multiplyExact(reach(view), element)), element);
            if (first < 0 || end > storage.byteSize()) {
                throw broken(name, view, "does not lie within its storage of " + storage.byteSize() + " bytes");
            }
            return isContiguous(view)
                    ? new Tensor(view.dtype(), shape, new HostMemory(storage.asSlice(first, bytes)))
                    : strided(view, shape, storage.asSlice(first, end - first));
        } catch (ArithmeticException e) {
            throw broken(name, view, "is larger than any file");
        }
    }

    private static Tensor strided(View view, Shape shape, MemorySegment elements) {
        int element = view.dtype().blockBytes();
        List<Long> strides =
                view.strides().stream().map(stride -> stride * element).toList();
        return Tensor.computed(view.dtype(), shape, new StridedRows(elements, view.sizes(), strides, element));
    }

    /** Elements from the first to the farthest one. */
    private static long reach(View view) {
        long reach = 0;
        for (int d = 0; d < view.sizes().size(); d++) {
            long size = view.sizes().get(d);
            reach = Math.addExact(
                    reach, Math.multiplyExact(size - 1, view.strides().get(d)));
        }
        return reach;
    }

    private static boolean isContiguous(View view) {
        long stride = 1;
        for (int d = view.sizes().size() - 1; d >= 0; d--) {
            long size = view.sizes().get(d);
            if (size > 1 && view.strides().get(d) != stride) {
                return false;
            }
            stride *= size;
        }
        return true;
    }

    private CheckpointException broken(String name, View view, String problem) {
        return new CheckpointException(
                source,
                "tensor " + name + " of " + view.dtype() + view.sizes() + " at element " + view.offset()
                        + " with strides " + view.strides() + " " + problem
                        + "; the file is damaged, download it again");
    }
}
