package io.orrery.engine.checkpoint.gguf;

import io.orrery.engine.checkpoint.TensorFile;
import io.orrery.engine.checkpoint.WriteOptions;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** Writes GGUF files of version 3 as llama.cpp reads them: tensors in the given order, without holes, padded to the alignment. */
public final class GgufWriter {
    private static final int VERSION = 3;

    private GgufWriter() {}

    /**
     * Writes or replaces a file, whole or not at all; it is read back before it gets its name.
     *
     * @param metadata String, Boolean, Integer (U32, or I32 where negative), Long (U64 or I64), Float, Double, {@code int[]} and
     *     lists of them (Integer: I32), or a {@link GgufValue} as it is; {@code general.alignment} is obeyed
     * @param tensors by name, in host memory or computed, of a dtype that GGUF has
     * @throws IllegalArgumentException for a value or tensor that the format cannot hold
     * @throws io.orrery.engine.checkpoint.CheckpointException where the file cannot be written
     */
    public static void write(Path to, Map<String, ?> metadata, Map<String, Tensor> tensors, WriteOptions options) {
        GgufMetadata values = GgufMetadata.of(metadata);
        long alignment = DataPlaces.alignment(values);
        new TensorFile(header(values, tensors, alignment), tensors, alignment).write(to, options, GgufHeader::read);
    }

    /** The same on this thread, silently. */
    public static void write(Path to, Map<String, ?> metadata, Map<String, Tensor> tensors) {
        write(to, metadata, tensors, WriteOptions.plain());
    }

    private static byte[] header(GgufMetadata metadata, Map<String, Tensor> tensors, long alignment) {
        LittleEndian out = new LittleEndian();
        out.u32(HeaderReader.MAGIC);
        out.u32(VERSION);
        out.u64(tensors.size());
        out.u64(metadata.values().size());
        metadata.values().forEach((key, value) -> {
            out.string(key);
            ValueEncoder.write(value, out);
        });
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            check(entry.getKey(), tensor);
            out.string(entry.getKey());
            writeShape(tensor, out);
            out.u32(tensor.dtype().ggmlId());
            out.u64(offset);
            offset = DataPlaces.alignUp(Math.addExact(offset, bytes(tensor)), alignment);
        }
        return out.toArray();
    }

    private static void writeShape(Tensor tensor, LittleEndian out) {
        if (tensor.shape().rank() == 0) {
            out.u32(1);
            out.u64(1);
            return;
        }
        out.u32(tensor.shape().rank());
        tensor.shape().dims().reversed().forEach(out::u64);
    }

    private static void check(String name, Tensor tensor) {
        DType dtype = tensor.dtype();
        if (dtype.ggmlId() < 0) {
            throw new IllegalArgumentException("tensor " + name + " is " + dtype + ", which GGUF cannot hold");
        }
        if (tensor.cols() % dtype.blockElements() != 0) {
            throw new IllegalArgumentException("tensor " + name + " of " + tensor + " has rows of " + tensor.cols()
                    + " elements, which do not fill whole blocks of " + dtype.blockElements());
        }
        if (tensor.shape().rank() > HeaderReader.MAX_RANK
                || name.getBytes(StandardCharsets.UTF_8).length > HeaderReader.MAX_NAME_BYTES) {
            throw new IllegalArgumentException("tensor " + name + " of " + tensor + " does not fit GGUF: at most "
                    + HeaderReader.MAX_RANK + " dimensions and a name of " + HeaderReader.MAX_NAME_BYTES + " bytes");
        }
    }

    private static long bytes(Tensor tensor) {
        return tensor.dtype().bytes(tensor.elements());
    }
}
