package io.orrery.engine.checkpoint.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Bytes in the making, in the order GGUF has them. Confined to one thread. */
final class LittleEndian {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    void u8(int value) {
        bytes.write(value);
    }

    void u16(int value) {
        put(buffer(Short.BYTES).putShort((short) value));
    }

    void u32(int value) {
        put(buffer(Integer.BYTES).putInt(value));
    }

    void u64(long value) {
        put(buffer(Long.BYTES).putLong(value));
    }

    void string(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        u64(utf8.length);
        bytes(utf8);
    }

    void bytes(byte[] more) {
        bytes.writeBytes(more);
    }

    int size() {
        return bytes.size();
    }

    byte[] toArray() {
        return bytes.toByteArray();
    }

    private static ByteBuffer buffer(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void put(ByteBuffer value) {
        bytes.writeBytes(value.array());
    }
}
