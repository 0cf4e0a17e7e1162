package io.orrery.engine.checkpoint.pickle;

import io.orrery.engine.tensor.DType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a pickle may build: plain data, and descriptions of tensors. Never compared or printed, since it may be nested deeply. */
sealed interface PickleValue {
    /** What messages call it. */
    default String kind() {
        return switch (this) {
            case Nothing _ -> "None";
            case Flag _ -> "a truth value";
            case Whole _ -> "a whole number";
            case Decimal _ -> "a decimal number";
            case Text _ -> "a text";
            case Tuple _ -> "a tuple";
            case Items _ -> "a list";
            case Mapping _ -> "a dictionary";
            case Function function -> "the function " + function.global();
            case StorageType _ -> "a storage class";
            case ElementType _ -> "a dtype";
            case Storage _ -> "a storage";
            case View _ -> "a tensor";
            case Mark _ -> "a mark";
        };
    }

    enum Nothing implements PickleValue {
        NONE
    }

    /** Where the items of a tuple, list or dictionary begin on the stack. */
    enum Mark implements PickleValue {
        MARK
    }

    record Flag(boolean value) implements PickleValue {}

    record Whole(long value) implements PickleValue {}

    record Decimal(double value) implements PickleValue {}

    record Text(String value) implements PickleValue {}

    record Tuple(List<PickleValue> items) implements PickleValue {}

    record Items(List<PickleValue> items) implements PickleValue {}

    record Mapping(Map<String, PickleValue> entries) implements PickleValue {}

    record Function(Global global) implements PickleValue {}

    /** @param dtype empty for bytes whose type the tensor tells */
    record StorageType(Optional<DType> dtype) implements PickleValue {}

    record ElementType(DType dtype) implements PickleValue {}

    /** @param elements bytes where the dtype is empty */
    record Storage(Optional<DType> dtype, String key, long elements) implements PickleValue {
        /** @throws ArithmeticException where no long counts them */
        long bytes() {
            return dtype.isPresent() ? dtype.get().bytes(elements) : elements;
        }
    }

    /**
     * Elements of a storage.
     *
     * @param offset the first one
     * @param sizes outermost first
     * @param strides elements from one to the next along each dimension
     */
    record View(Storage storage, DType dtype, long offset, List<Long> sizes, List<Long> strides)
            implements PickleValue {}
}
