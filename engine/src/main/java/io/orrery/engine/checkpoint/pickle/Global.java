package io.orrery.engine.checkpoint.pickle;

import io.orrery.engine.tensor.DType;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/** The functions that a file of tensors needs. They are done here, not called: no name of a pickle ever becomes code. */
enum Global {
    ORDERED_DICT("collections", "OrderedDict"),
    TENSOR("torch._utils", "_rebuild_tensor_v2"),
    TYPED_TENSOR("torch._utils", "_rebuild_tensor_v3"),
    PARAMETER("torch._utils", "_rebuild_parameter");

    /** By torch's names: {@code torch/_utils.py} and {@code torch/storage.py}. */
    private static final Map<String, DType> STORAGES = Map.ofEntries(
            Map.entry("DoubleStorage", DType.F64),
            Map.entry("FloatStorage", DType.F32),
            Map.entry("HalfStorage", DType.F16),
            Map.entry("BFloat16Storage", DType.BF16),
            Map.entry("LongStorage", DType.I64),
            Map.entry("IntStorage", DType.I32),
            Map.entry("ShortStorage", DType.I16),
            Map.entry("CharStorage", DType.I8),
            Map.entry("ByteStorage", DType.U8),
            Map.entry("BoolStorage", DType.BOOL),
            Map.entry("ComplexFloatStorage", DType.C64));

    private static final Map<String, DType> DTYPES = Map.ofEntries(
            Map.entry("float64", DType.F64),
            Map.entry("float32", DType.F32),
            Map.entry("float16", DType.F16),
            Map.entry("bfloat16", DType.BF16),
            Map.entry("int64", DType.I64),
            Map.entry("int32", DType.I32),
            Map.entry("int16", DType.I16),
            Map.entry("int8", DType.I8),
            Map.entry("uint64", DType.U64),
            Map.entry("uint32", DType.U32),
            Map.entry("uint16", DType.U16),
            Map.entry("uint8", DType.U8),
            Map.entry("bool", DType.BOOL),
            Map.entry("complex64", DType.C64),
            Map.entry("float8_e4m3fn", DType.F8_E4M3),
            Map.entry("float8_e5m2", DType.F8_E5M2),
            Map.entry("float8_e4m3fnuz", DType.F8_E4M3FNUZ),
            Map.entry("float8_e5m2fnuz", DType.F8_E5M2FNUZ),
            Map.entry("float8_e8m0fnu", DType.F8_E8M0));

    private final String module;
    private final String function;

    Global(String module, String function) {
        this.module = module;
        this.function = function;
    }

    /** What a name stands for, if it is one of those that are let pass. */
    static Optional<PickleValue> find(String module, String name) {
        if (module.equals("torch")) {
            return Optional.ofNullable(STORAGES.get(name))
                    .<PickleValue>map(dtype -> new PickleValue.StorageType(Optional.of(dtype)))
                    .or(() -> Optional.ofNullable(DTYPES.get(name)).map(PickleValue.ElementType::new));
        }
        if (module.equals("torch.storage") && name.equals("UntypedStorage")) {
            return Optional.of(new PickleValue.StorageType(Optional.empty()));
        }
        return Arrays.stream(values())
                .filter(global -> global.module.equals(module) && global.function.equals(name))
                .findFirst()
                .map(PickleValue.Function::new);
    }

    @Override
    public String toString() {
        return module + "." + function;
    }
}
