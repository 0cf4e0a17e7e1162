package io.orrery.engine.checkpoint.quantised;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the JSON beside a 4-bit weight says.
 *
 * @param blockSize elements that share a magnitude
 * @param dtype what the weight was quantised from and is rounded to
 * @param nested where the magnitudes are quantised too
 */
record FourBitState(int blockSize, DType dtype, Shape shape, Optional<Nested> nested) {
    private static final int MOST_BYTES = 1 << 16;
    private static final int MOST_BLOCK = 1 << 16;

    /** @param blockSize magnitudes that share a scale */
    record Nested(int blockSize, float offset) {}

    long elements() {
        return shape.elements();
    }

    /** @param name the tensor whose bytes are the JSON */
    static FourBitState parse(String source, String name, Tensor state) {
        try {
            if (state.segment().byteSize() > MOST_BYTES) {
                throw new IllegalArgumentException("has " + state.segment().byteSize() + " bytes");
            }
            return of(JsonMapper.shared().readTree(state.segment().toArray(ValueLayout.JAVA_BYTE)));
        } catch (JacksonException | IllegalArgumentException | ArithmeticException e) {
            throw new CheckpointException(
                    source, "of a quantised weight, " + name + " is no state of bitsandbytes: it " + e.getMessage(), e);
        }
    }

    private static FourBitState of(JsonNode json) {
        Optional<Nested> nested = json.hasNonNull("nested_blocksize")
                ? Optional.of(new Nested(block(json, "nested_blocksize"), (float)
                        json.path("nested_offset").asDouble(0)))
                : Optional.empty();
        Shape shape = shape(json.path("shape"));
        return new FourBitState(
                block(json, "blocksize"), dtype(json.path("dtype").asString("")), shape, nested);
    }

    private static int block(JsonNode json, String key) {
        JsonNode size = json.get(key);
        if (size == null || !size.isInt() || size.intValue() < 1 || size.intValue() > MOST_BLOCK) {
            throw new IllegalArgumentException("has the " + key + " " + size + " and none within 1.." + MOST_BLOCK);
        }
        return size.intValue();
    }

    private static Shape shape(JsonNode dims) {
        List<Long> sizes = new ArrayList<>();
        for (JsonNode dim : dims) {
            if (!dim.isInt() || dim.intValue() < 1) {
                throw new IllegalArgumentException("is of shape " + dims);
            }
            sizes.add(dim.longValue());
        }
        if (sizes.isEmpty()) {
            throw new IllegalArgumentException("is of shape " + sizes);
        }
        Shape shape = new Shape(sizes);
        if (shape.elements() / shape.cols() > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("is of shape " + dims);
        }
        return shape;
    }

    private static DType dtype(String name) {
        return switch (name) {
            case "float32" -> DType.F32;
            case "float16" -> DType.F16;
            case "bfloat16" -> DType.BF16;
            default ->
                throw new IllegalArgumentException("is of dtype '" + name + "', not float32, float16 or bfloat16");
        };
    }
}
