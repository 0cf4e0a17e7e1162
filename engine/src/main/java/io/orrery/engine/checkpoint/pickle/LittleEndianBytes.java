package io.orrery.engine.checkpoint.pickle;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Numbers and names of a file at places that the caller has checked. */
record LittleEndianBytes(MemorySegment file) {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    long size() {
        return file.byteSize();
    }

    /** Whether so many bytes lie from there on within the file. */
    boolean holds(long at, long bytes) {
        return at >= 0 && bytes >= 0 && at <= size() - bytes;
    }

    int u16(long at) {
        return Short.toUnsignedInt(file.get(SHORT, at));
    }

    long u32(long at) {
        return Integer.toUnsignedLong(file.get(INT, at));
    }

    long i64(long at) {
        return file.get(LONG, at);
    }

    /** One char a byte, as names of entries are compared and shown and nothing else. */
    String text(long at, int bytes) {
        return new String(file.asSlice(at, bytes).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
    }
}
