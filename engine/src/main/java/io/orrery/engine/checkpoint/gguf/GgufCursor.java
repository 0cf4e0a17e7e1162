package io.orrery.engine.checkpoint.gguf;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.Utf8;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Reads a header from its first byte on and never past the file's end or the most that a header may take. */
final class GgufCursor {
    /** A header is kept in memory; the largest vocabularies with all their texts take about a tenth of it. */
    static final long MAX_HEADER = 256L << 20;

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final String source;
    private final MemorySegment file;
    private final Utf8 utf8 = new Utf8();
    private String reading = "the beginning";
    private long at;

    GgufCursor(String source, MemorySegment file) {
        this.source = source;
        this.file = file;
    }

    /** Says what the next bytes are, for the messages. */
    void reading(String what) {
        reading = what;
    }

    long position() {
        return at;
    }

    /** Bytes that may still be read: no count of things can be larger than that. */
    long remaining() {
        return Math.min(file.byteSize(), MAX_HEADER) - at;
    }

    byte u8() {
        return file.get(ValueLayout.JAVA_BYTE, advance(Byte.BYTES));
    }

    short u16() {
        return file.get(SHORT, advance(Short.BYTES));
    }

    int u32() {
        return file.get(INT, advance(Integer.BYTES));
    }

    long u64() {
        return file.get(LONG, advance(Long.BYTES));
    }

    /** A length or count of things that take at least so many bytes each. */
    int count(int leastBytes) {
        long count = u64();
        if (count < 0 || count > remaining() / leastBytes) {
            throw broken(Long.toUnsignedString(count) + " are announced in " + reading + ", more than " + rest());
        }
        return (int) count;
    }

    String string() {
        long start = skipString();
        byte[] text = file.asSlice(start, at - start).toArray(ValueLayout.JAVA_BYTE);
        return new String(text, StandardCharsets.UTF_8);
    }

    /** Passes over a string after a check of its text; answers where the text begins. */
    private long skipString() {
        int length = count(1);
        long start = advance(length);
        ByteBuffer text = file.asSlice(start, length).asByteBuffer();
        utf8.firstBrokenByte(text).ifPresent(broken -> {
            throw broken("a text in " + reading + " is not UTF-8 at byte " + (start + broken));
        });
        return start;
    }

    /** An array's elements as they stand in the file, each string and flag among them checked. */
    MemorySegment elements(GgufType type, int count) {
        long start = at;
        switch (type) {
            case STRING -> {
                for (int i = 0; i < count; i++) {
                    skipString();
                }
            }
            case BOOL -> {
                for (int i = 0; i < count; i++) {
                    flag();
                }
            }
            default -> advance((long) count * type.leastBytes());
        }
        return MemorySegment.ofArray(file.asSlice(start, at - start).toArray(ValueLayout.JAVA_BYTE))
                .asReadOnly();
    }

    boolean flag() {
        byte flag = u8();
        if (flag != 0 && flag != 1) {
            throw broken(reading + " is a flag of " + flag + ", neither 0 nor 1");
        }
        return flag == 1;
    }

    private long advance(long bytes) {
        if (bytes > remaining()) {
            throw broken(reading + " takes " + bytes + " bytes, more than " + rest());
        }
        long start = at;
        at += bytes;
        return start;
    }

    private String rest() {
        return file.byteSize() > MAX_HEADER
                ? "is left of the " + MAX_HEADER + " bytes that a header may take"
                : "fits the " + remaining() + " bytes left of the file";
    }

    CheckpointException broken(String problem) {
        return new CheckpointException(
                source, problem + " (byte " + at + "); the file is cut off or damaged, download it again");
    }
}
