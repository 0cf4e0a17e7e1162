package io.orrery.engine.checkpoint.pickle;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** A pickle put together opcode by opcode, as torch.save does it or as somebody with other plans would. */
final class TinyPickle {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    static TinyPickle protocol2() {
        return new TinyPickle().raw(0x80, 2);
    }

    TinyPickle raw(int... bytes) {
        for (int b : bytes) {
            out.write(b);
        }
        return this;
    }

    TinyPickle op(char opcode) {
        return raw(opcode);
    }

    TinyPickle text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        op('X').u32(utf8.length);
        out.writeBytes(utf8);
        return this;
    }

    TinyPickle u32(int value) {
        out.writeBytes(ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
        return this;
    }

    /** As LONG1, whatever its size. */
    TinyPickle number(long value) {
        out.writeBytes(ByteBuffer.allocate(10)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0x8a)
                .put((byte) 8)
                .putLong(value)
                .array());
        return this;
    }

    TinyPickle global(String module, String name) {
        out.writeBytes(("c" + module + "\n" + name + "\n").getBytes(StandardCharsets.UTF_8));
        return this;
    }

    TinyPickle tuple(long... values) {
        op('(');
        for (long value : values) {
            number(value);
        }
        return op('t');
    }

    TinyPickle storage(String type, String key, long elements) {
        return op('(').text("storage")
                .global("torch", type)
                .text(key)
                .text("cpu")
                .number(elements)
                .op('t')
                .op('Q');
    }

    /** The call that makes a tensor of the storage that {@code storage} tells. */
    TinyPickle tensor(Runnable storage, long offset, long[] sizes, long[] strides) {
        global("torch._utils", "_rebuild_tensor_v2").op('(');
        storage.run();
        return number(offset)
                .tuple(sizes)
                .tuple(strides)
                .raw(0x89)
                .emptyOrderedDict()
                .op('t')
                .op('R');
    }

    TinyPickle emptyOrderedDict() {
        return global("collections", "OrderedDict").op(')').op('R');
    }

    /** Of F32 with as many elements as it needs. */
    TinyPickle f32(String key, long elements, long[] sizes, long[] strides) {
        return tensor(() -> storage("FloatStorage", key, elements), 0, sizes, strides);
    }

    byte[] bytes() {
        return out.toByteArray();
    }
}
