package io.orrery.engine.checkpoint.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Java's values as GGUF's, and those as bytes. The types are those llama.cpp asks for: sizes and ids are U32, arrays I32 and F32. */
final class ValueEncoder {
    private ValueEncoder() {}

    static Map<String, GgufValue> encode(Map<String, ?> values) {
        Map<String, GgufValue> encoded = new LinkedHashMap<>();
        values.forEach((key, value) -> encoded.put(key, encode(key, value)));
        return encoded;
    }

    private static GgufValue encode(String key, Object value) {
        return switch (value) {
            case GgufValue encoded -> encoded;
            case String text -> new GgufValue.Text(text);
            case Boolean flag -> new GgufValue.Flag(flag);
            case Integer whole -> new GgufValue.Whole(whole < 0 ? GgufType.I32 : GgufType.U32, whole);
            case Long whole -> new GgufValue.Whole(whole < 0 ? GgufType.I64 : GgufType.U64, whole);
            case Float decimal -> new GgufValue.Decimal(GgufType.F32, decimal);
            case Double decimal -> new GgufValue.Decimal(GgufType.F64, decimal);
            case int[] wholes -> items(key, Arrays.stream(wholes).boxed().toList());
            case List<?> list -> items(key, list);
            default ->
                throw new IllegalArgumentException("the metadata " + key + " is a "
                        + value.getClass().getSimpleName() + ", which GGUF cannot hold");
        };
    }

    private static GgufValue items(String key, List<?> list) {
        LittleEndian out = new LittleEndian();
        GgufType type = list.isEmpty() ? GgufType.STRING : elementType(key, list.getFirst());
        for (Object element : list) {
            if (elementType(key, element) != type) {
                throw new IllegalArgumentException("the metadata " + key + " mixes types in one array");
            }
            switch (element) {
                case String text -> out.string(text);
                case Boolean flag -> out.u8(flag ? 1 : 0);
                case Integer whole -> out.u32(whole);
                case Long whole -> out.u64(whole);
                case Float decimal -> out.u32(Float.floatToRawIntBits(decimal));
                default -> out.u64(Double.doubleToRawLongBits((Double) element));
            }
        }
        return new GgufValue.Items(
                type, list.size(), MemorySegment.ofArray(out.toArray()).asReadOnly());
    }

    private static GgufType elementType(String key, Object element) {
        return switch (element) {
            case String _ -> GgufType.STRING;
            case Boolean _ -> GgufType.BOOL;
            case Integer _ -> GgufType.I32;
            case Long _ -> GgufType.I64;
            case Float _ -> GgufType.F32;
            case Double _ -> GgufType.F64;
            default ->
                throw new IllegalArgumentException("the metadata " + key + " holds a "
                        + element.getClass().getSimpleName() + ", which a GGUF array cannot hold");
        };
    }

    /** Appends the number of the value's type and the value. */
    static void write(GgufValue value, LittleEndian out) {
        switch (value) {
            case GgufValue.Text text -> {
                out.u32(GgufType.STRING.ordinal());
                out.string(text.value());
            }
            case GgufValue.Flag flag -> {
                out.u32(GgufType.BOOL.ordinal());
                out.u8(flag.value() ? 1 : 0);
            }
            case GgufValue.Whole whole -> {
                out.u32(whole.type().ordinal());
                writeBits(whole.type(), whole.value(), out);
            }
            case GgufValue.Decimal decimal -> {
                out.u32(decimal.type().ordinal());
                long bits = decimal.type() == GgufType.F32
                        ? Float.floatToRawIntBits((float) decimal.value())
                        : Double.doubleToRawLongBits(decimal.value());
                writeBits(decimal.type(), bits, out);
            }
            case GgufValue.Items items -> {
                out.u32(GgufType.ARRAY.ordinal());
                out.u32(items.elementType().ordinal());
                out.u64(items.count());
                out.bytes(items.content().toArray(ValueLayout.JAVA_BYTE));
            }
        }
    }

    private static void writeBits(GgufType type, long bits, LittleEndian out) {
        switch (type.leastBytes()) {
            case Byte.BYTES -> out.u8((int) bits);
            case Short.BYTES -> out.u16((int) bits);
            case Integer.BYTES -> out.u32((int) bits);
            default -> out.u64(bits);
        }
    }
}
