package io.orrery.engine.checkpoint.pickle;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A zip file put together entry by entry, so that a test can get any of it wrong. */
final class TinyZip {
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final ByteArrayOutputStream directory = new ByteArrayOutputStream();
    private int entries;
    private boolean isWide;

    /** Sizes and places go to zip64 fields from here on. */
    TinyZip wide() {
        isWide = true;
        return this;
    }

    TinyZip entry(String name, byte[] bytes) {
        int at = data.size();
        header(name, 0, bytes.length);
        data.writeBytes(bytes);
        list(name, 0, bytes.length, at);
        return this;
    }

    TinyZip entry(String name, String text) {
        return entry(name, text.getBytes(StandardCharsets.UTF_8));
    }

    int position() {
        return data.size();
    }

    /** The header in front of an entry's data. */
    TinyZip header(String name, int method, int bytes) {
        byte[] local = name.getBytes(StandardCharsets.UTF_8);
        data.writeBytes(little(30)
                .putInt(0x04034b50)
                .putShort((short) 20)
                .putShort((short) 0)
                .putShort((short) method)
                .position(18)
                .putInt(bytes)
                .putInt(bytes)
                .putShort((short) local.length)
                .putShort((short) 0)
                .array());
        data.writeBytes(local);
        return this;
    }

    TinyZip data(byte[] bytes) {
        data.writeBytes(bytes);
        return this;
    }

    /** The line of the directory. @param method 0 for stored, 8 for deflated; 256 and more sets flags */
    TinyZip list(String name, int method, long bytes, long at) {
        byte[] listed = name.getBytes(StandardCharsets.UTF_8);
        ByteBuffer extra = isWide
                ? little(28)
                        .putShort((short) 1)
                        .putShort((short) 24)
                        .putLong(bytes)
                        .putLong(bytes)
                        .putLong(at)
                : little(0);
        directory.writeBytes(little(46)
                .putInt(0x02014b50)
                .position(8)
                .putShort((short) (method >> 8))
                .putShort((short) method)
                .position(20)
                .putInt(isWide ? -1 : (int) bytes)
                .putInt(isWide ? -1 : (int) bytes)
                .putShort((short) listed.length)
                .putShort((short) extra.capacity())
                .position(42)
                .putInt(isWide ? -1 : (int) at)
                .array());
        directory.writeBytes(listed);
        directory.writeBytes(extra.array());
        entries++;
        return this;
    }

    byte[] bytes() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(data.toByteArray());
        all.writeBytes(directory.toByteArray());
        if (isWide) {
            all.writeBytes(little(56)
                    .putInt(0x06064b50)
                    .putLong(44)
                    .position(24)
                    .putLong(entries)
                    .putLong(entries)
                    .putLong(directory.size())
                    .putLong(data.size())
                    .array());
            all.writeBytes(little(20)
                    .putInt(0x07064b50)
                    .putInt(0)
                    .putLong((long) data.size() + directory.size())
                    .putInt(1)
                    .array());
        }
        all.writeBytes(little(22)
                .putInt(0x06054b50)
                .position(8)
                .putShort((short) (isWide ? -1 : entries))
                .putShort((short) (isWide ? -1 : entries))
                .putInt(isWide ? -1 : directory.size())
                .putInt(isWide ? -1 : data.size())
                .array());
        return all.toByteArray();
    }

    void write(Path path) throws IOException {
        Files.write(path, bytes());
    }

    static byte[] floats(float... values) {
        ByteBuffer bytes = little(values.length * Float.BYTES);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
