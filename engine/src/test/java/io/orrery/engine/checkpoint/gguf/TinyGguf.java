package io.orrery.engine.checkpoint.gguf;

import java.util.ArrayList;
import java.util.List;

/** A GGUF file put together field by field, so that a test can get any of them wrong. */
final class TinyGguf {
    private final LittleEndian pairs = new LittleEndian();
    private final List<Runnable> tensors = new ArrayList<>();
    private final LittleEndian infos = new LittleEndian();
    private int pairCount;
    private int magic = HeaderReader.MAGIC;
    private int version = 3;
    private int dataBytes;

    TinyGguf magic(int wrong) {
        magic = wrong;
        return this;
    }

    TinyGguf version(int other) {
        version = other;
        return this;
    }

    TinyGguf data(int bytes) {
        dataBytes = bytes;
        return this;
    }

    TinyGguf string(String key, String value) {
        key(key, GgufType.STRING.ordinal());
        pairs.string(value);
        return this;
    }

    TinyGguf u32(String key, int value) {
        key(key, GgufType.U32.ordinal());
        pairs.u32(value);
        return this;
    }

    /** A key of any type number with any bytes for a value. */
    TinyGguf raw(String key, int type, int... bytes) {
        key(key, type);
        for (int value : bytes) {
            pairs.u8(value);
        }
        return this;
    }

    TinyGguf array(String key, int elementType, long count, int... bytes) {
        key(key, GgufType.ARRAY.ordinal());
        pairs.u32(elementType);
        pairs.u64(count);
        for (int value : bytes) {
            pairs.u8(value);
        }
        return this;
    }

    /** @param dims innermost first, as the file has them */
    TinyGguf tensor(String name, int type, long offset, long... dims) {
        tensors.add(() -> {
            infos.string(name);
            infos.u32(dims.length);
            for (long dim : dims) {
                infos.u64(dim);
            }
            infos.u32(type);
            infos.u64(offset);
        });
        return this;
    }

    byte[] bytes() {
        LittleEndian out = new LittleEndian();
        out.u32(magic);
        out.u32(version);
        out.u64(tensors.size());
        out.u64(pairCount);
        out.bytes(pairs.toArray());
        tensors.forEach(Runnable::run);
        out.bytes(infos.toArray());
        out.bytes(new byte[(int) (DataPlaces.alignUp(out.size(), 32) - out.size())]);
        out.bytes(new byte[dataBytes]);
        return out.toArray();
    }

    private void key(String key, int type) {
        pairCount++;
        pairs.string(key);
        pairs.u32(type);
    }
}
