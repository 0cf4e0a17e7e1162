package io.orrery.engine.checkpoint.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One value of a GGUF file's metadata, with the type it is stored as. */
public sealed interface GgufValue {
    /** A whole number; one of type U64 is given by its bits. */
    record Whole(GgufType type, long value) implements GgufValue {
        @Override
        public String toString() {
            return type == GgufType.U64 ? Long.toUnsignedString(value) : Long.toString(value);
        }
    }

    record Decimal(GgufType type, double value) implements GgufValue {
        @Override
        public String toString() {
            return Double.toString(value);
        }
    }

    record Flag(boolean value) implements GgufValue {
        @Override
        public String toString() {
            return Boolean.toString(value);
        }
    }

    record Text(String value) implements GgufValue {
        @Override
        public String toString() {
            return value;
        }
    }

    /**
     * An array, kept as the bytes of the file: a vocabulary of 256,000 tokens need not become objects to be skipped.
     *
     * @param content checked, read-only, in this process's heap
     */
    record Items(GgufType elementType, int count, MemorySegment content) implements GgufValue {
        private static final ValueLayout.OfShort SHORT =
                ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
        private static final ValueLayout.OfLong LONG =
                ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

        List<String> strings() {
            List<String> strings = new ArrayList<>(count);
            long at = 0;
            for (int i = 0; i < count; i++) {
                long length = content.get(LONG, at);
                at += Long.BYTES;
                byte[] text = content.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
                strings.add(new String(text, StandardCharsets.UTF_8));
                at += length;
            }
            return strings;
        }

        long[] wholes() {
            long[] wholes = new long[count];
            for (int i = 0; i < count; i++) {
                wholes[i] = whole((long) i * elementType.leastBytes());
            }
            return wholes;
        }

        private long whole(long at) {
            return switch (elementType) {
                case U8 -> Byte.toUnsignedLong(content.get(ValueLayout.JAVA_BYTE, at));
                case I8, BOOL -> content.get(ValueLayout.JAVA_BYTE, at);
                case U16 -> Short.toUnsignedLong(content.get(SHORT, at));
                case I16 -> content.get(SHORT, at);
                case U32 -> Integer.toUnsignedLong(content.get(INT, at));
                case I32 -> content.get(INT, at);
                case U64, I64 -> content.get(LONG, at);
                case F32, F64, STRING, ARRAY ->
                    throw new IllegalStateException(elementType + " elements are no whole numbers");
            };
        }

        double[] decimals() {
            double[] decimals = new double[count];
            for (int i = 0; i < count; i++) {
                decimals[i] = elementType == GgufType.F32
                        ? Float.intBitsToFloat(content.get(INT, 4L * i))
                        : Double.longBitsToDouble(content.get(LONG, 8L * i));
            }
            return decimals;
        }

        @Override
        public String toString() {
            return "an array of " + count + " " + elementType;
        }
    }
}
