package io.orrery.engine.checkpoint.pickle;

import io.orrery.engine.checkpoint.pickle.PickleValue.ElementType;
import io.orrery.engine.checkpoint.pickle.PickleValue.Mapping;
import io.orrery.engine.checkpoint.pickle.PickleValue.Nothing;
import io.orrery.engine.checkpoint.pickle.PickleValue.Storage;
import io.orrery.engine.checkpoint.pickle.PickleValue.StorageType;
import io.orrery.engine.checkpoint.pickle.PickleValue.Text;
import io.orrery.engine.checkpoint.pickle.PickleValue.Tuple;
import io.orrery.engine.checkpoint.pickle.PickleValue.View;
import io.orrery.engine.checkpoint.pickle.PickleValue.Whole;
import io.orrery.engine.tensor.DType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/** What the allowed functions mean: torch {@code torch/_utils.py} and {@code torch/serialization.py}, {@code persistent_load}. */
final class TensorCalls {
    private static final int MOST_DIMENSIONS = 64;
    private static final int TENSOR_ARGUMENTS = 6;

    private final PickleCursor in;

    TensorCalls(PickleCursor in) {
        this.in = in;
    }

    PickleValue call(Global function, List<PickleValue> arguments) {
        return switch (function) {
            case ORDERED_DICT -> {
                if (!arguments.isEmpty()) {
                    throw in.broken("makes an OrderedDict of something");
                }
                yield new Mapping(new LinkedHashMap<>());
            }
            case TENSOR -> view(function, arguments);
            case TYPED_TENSOR -> typed(view(function, arguments), argument(function, arguments, TENSOR_ARGUMENTS));
            case PARAMETER -> argument(function, arguments, 0);
        };
    }

    /** The bytes that {@code ('storage', class, key, location, elements)} names; older files add a view, which must be none. */
    Storage storage(PickleValue id) {
        if (!(id instanceof Tuple tuple)
                || tuple.items().size() < 5
                || !(tuple.items().get(0) instanceof Text what && what.value().equals("storage"))
                || !(tuple.items().get(1) instanceof StorageType type)
                || !(tuple.items().get(2) instanceof Text key)
                || !(tuple.items().get(4) instanceof Whole elements)) {
            throw in.broken("refers to something outside that is no storage of a tensor");
        }
        if (tuple.items().size() > 6
                || (tuple.items().size() == 6 && tuple.items().get(5) != Nothing.NONE)) {
            throw in.broken("has the storage " + key.value() + " be a part of another one");
        }
        if (elements.value() < 0) {
            throw in.broken("has a storage " + key.value() + " of " + elements.value() + " elements");
        }
        return new Storage(type.dtype(), key.value(), elements.value());
    }

    /** {@code (storage, offset, sizes, strides, requires_grad, hooks, ...)}; whether it wants a gradient says nothing here. */
    private View view(Global function, List<PickleValue> arguments) {
        if (arguments.size() < TENSOR_ARGUMENTS
                || !(arguments.get(0) instanceof Storage storage)
                || !(arguments.get(1) instanceof Whole offset)) {
            throw in.broken("calls " + function + " with other arguments than a storage, an offset, sizes and strides");
        }
        List<Long> sizes = numbers(arguments.get(2), "sizes");
        List<Long> strides = numbers(arguments.get(3), "strides");
        if (sizes.size() != strides.size()) {
            throw in.broken("has a tensor of " + sizes.size() + " sizes and " + strides.size() + " strides");
        }
        return new View(storage, storage.dtype().orElse(DType.U8), offset.value(), sizes, strides);
    }

    private View typed(View view, PickleValue type) {
        if (!(type instanceof ElementType element) || view.storage().dtype().isPresent()) {
            throw in.broken("gives a tensor " + type.kind() + " for its dtype");
        }
        return new View(view.storage(), element.dtype(), view.offset(), view.sizes(), view.strides());
    }

    private PickleValue argument(Global function, List<PickleValue> arguments, int index) {
        if (arguments.size() <= index) {
            throw in.broken("calls " + function + " with " + arguments.size() + " arguments");
        }
        return arguments.get(index);
    }

    private List<Long> numbers(PickleValue value, String what) {
        if (!(value instanceof Tuple tuple) || tuple.items().size() > MOST_DIMENSIONS) {
            throw in.broken("has a tensor whose " + what + " are " + value.kind());
        }
        List<Long> numbers = new ArrayList<>();
        for (PickleValue item : tuple.items()) {
            if (!(item instanceof Whole whole) || whole.value() < 0) {
                throw in.broken("has a tensor whose " + what + " are not all numbers from 0 on");
            }
            numbers.add(whole.value());
        }
        return List.copyOf(numbers);
    }
}
