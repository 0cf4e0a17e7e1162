package io.orrery.engine.checkpoint.quantised;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.TinyTensors;
import io.orrery.engine.tensor.BlockFormat;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;

/** The parts of a quantised weight, put together for a test. */
final class TinyParts {
    private final Map<String, Tensor> parts = new LinkedHashMap<>();

    TinyParts put(String name, Tensor tensor) {
        parts.put(name, tensor);
        return this;
    }

    TinyParts f32(String name, float... values) {
        return put(name, TinyTensors.f32(Shape.of(values.length), values));
    }

    TinyParts u8(String name, byte[] bytes, long... dims) {
        return put(name, new Tensor(DType.U8, Shape.of(dims), new HostMemory(MemorySegment.ofArray(bytes))));
    }

    TinyParts text(String name, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return u8(name, utf8, utf8.length);
    }

    TinyParts i32(String name, int[] values, long... dims) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            bytes.putInt(value);
        }
        return put(name, new Tensor(DType.I32, Shape.of(dims), new HostMemory(MemorySegment.ofArray(bytes.array()))));
    }

    /** Positive values of a dtype. */
    TinyParts scales(String name, DType dtype, long seed, long... dims) {
        Random random = new Random(seed);
        float[] values = new float[(int) Shape.of(dims).elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = 0.01f + random.nextFloat();
        }
        byte[] bytes = new byte[(int) dtype.bytes(values.length)];
        BlockFormat.of(dtype).quantize(values, 0, MemorySegment.ofArray(bytes), 0, values.length);
        return put(name, new Tensor(dtype, Shape.of(dims), new HostMemory(MemorySegment.ofArray(bytes))));
    }

    TinyParts without(String name) {
        parts.remove(name);
        return this;
    }

    float[] values(String name) {
        return parts.get(name).decode();
    }

    /** What a {@code quantization_config} makes of the parts. */
    Map<String, Tensor> joined(String config) {
        return Quantisation.of(
                        "folder",
                        JsonMapper.shared().readTree("{\"quantization_config\":" + config + "}"),
                        Optional.empty())
                .orElseThrow()
                .join(parts);
    }

    void assertRefused(String config, String told) {
        assertThatThrownBy(() -> joined(config))
                .isInstanceOf(CheckpointException.class)
                .hasMessageStartingWith("folder: ")
                .hasMessageContaining(told);
    }
}
