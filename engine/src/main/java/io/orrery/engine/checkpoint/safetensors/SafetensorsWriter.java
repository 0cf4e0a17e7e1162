package io.orrery.engine.checkpoint.safetensors;

import io.orrery.engine.checkpoint.TensorFile;
import io.orrery.engine.checkpoint.WriteOptions;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Writes safetensors files as the reference does: widest elements first, then by name, behind a header padded to 8 bytes. */
public final class SafetensorsWriter {
    private static final String METADATA = "__metadata__";

    private SafetensorsWriter() {}

    /**
     * Writes or replaces a file, whole or not at all; it is read back before it gets its name.
     *
     * @param tensors by name, in host memory or computed, of a dtype that the format has
     * @param metadata texts for {@code __metadata__}; Hugging Face's readers want {@code format=pt}
     * @throws IllegalArgumentException for a tensor that the format cannot hold
     * @throws io.orrery.engine.checkpoint.CheckpointException where the file cannot be written
     */
    public static void write(Path to, Map<String, Tensor> tensors, Map<String, String> metadata, WriteOptions options) {
        List<Map.Entry<String, Tensor>> inOrder = tensors.entrySet().stream()
                .sorted(Comparator.comparingInt((Map.Entry<String, Tensor> entry) ->
                                -entry.getValue().dtype().blockBytes())
                        .thenComparing(Map.Entry::getKey))
                .toList();
        Map<String, Tensor> ordered = new LinkedHashMap<>();
        inOrder.forEach(entry -> ordered.put(entry.getKey(), entry.getValue()));
        new TensorFile(header(inOrder, metadata), ordered, 1).write(to, options, SafetensorsHeader::read);
    }

    /** The same on this thread, silently. */
    public static void write(Path to, Map<String, Tensor> tensors, Map<String, String> metadata) {
        write(to, tensors, metadata, WriteOptions.plain());
    }

    private static byte[] header(List<Map.Entry<String, Tensor>> tensors, Map<String, String> metadata) {
        ObjectNode json = JsonMapper.shared().createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode texts = json.putObject(METADATA);
            metadata.forEach(texts::put);
        }
        long at = 0;
        for (Map.Entry<String, Tensor> entry : tensors) {
            Tensor tensor = entry.getValue();
            long end = Math.addExact(at, tensor.dtype().bytes(tensor.elements()));
            ObjectNode described = json.putObject(checkedName(entry.getKey()));
            described.put("dtype", dtypeName(entry.getKey(), tensor.dtype()));
            tensor.shape().dims().forEach(described.putArray("shape")::add);
            described.putArray("data_offsets").add(at).add(end);
            at = end;
        }
        return padded(JsonMapper.shared().writeValueAsBytes(json));
    }

    private static byte[] padded(byte[] json) {
        int length = (json.length + 7) / 8 * 8;
        byte[] padding = new byte[length - json.length];
        Arrays.fill(padding, (byte) ' ');
        return ByteBuffer.allocate(SafetensorsHeader.LENGTH_BYTES + length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(length)
                .put(json)
                .put(padding)
                .array();
    }

    private static String checkedName(String name) {
        if (name.equals(METADATA)) {
            throw new IllegalArgumentException("a tensor cannot be called " + METADATA + " in a safetensors file");
        }
        return name;
    }

    private static String dtypeName(String name, DType dtype) {
        if (dtype.safetensorsName().isEmpty()) {
            throw new IllegalArgumentException("tensor " + name + " is " + dtype
                    + ", which a safetensors file cannot hold; write GGUF, or dequantise it first");
        }
        return dtype.safetensorsName();
    }
}
