package io.orrery.engine.train;

import io.orrery.engine.checkpoint.AtomicFile;
import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.TensorBytes;
import io.orrery.engine.checkpoint.safetensors.SafetensorsFile;
import io.orrery.engine.checkpoint.safetensors.SafetensorsWriter;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The whole state of a run after a step, in a folder: {@code state.safetensors} (weights and moments) and {@code
 * state.json} (step, what the run is, its metrics). There is no random state to keep: seed and step decide every random
 * number.
 *
 * @param step steps that are done
 * @param run what has to be the same for the run to go on: see {@link Trainer#identity}
 * @param metrics of the steps so far
 */
record SavedState(int step, Map<String, String> run, List<Map<String, Object>> metrics, long crc32c) {
    private static final String TENSORS = "state.safetensors";
    private static final String JSON = "state.json";
    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    /** Fills a folder. */
    static void write(Path folder, Trainer trainer, List<Map<String, Object>> metrics, Ops ops) {
        Map<String, Tensor> host = new LinkedHashMap<>();
        trainer.state().forEach((name, tensor) -> host.put(name, host(tensor, ops)));
        SafetensorsWriter.write(folder.resolve(TENSORS), host, Map.of("format", "pt"));
        SavedState state = new SavedState(trainer.step(), trainer.identity(), metrics, checksum(host));
        byte[] json = MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(state);
        AtomicFile.write(folder.resolve(JSON), channel -> new TensorBytes(channel).write(json));
    }

    /** @throws CheckpointException where it is not readable */
    static SavedState read(Path folder) {
        Path file = folder.resolve(JSON);
        try {
            return MAPPER.readValue(Files.readAllBytes(file), new TypeReference<SavedState>() {});
        } catch (IOException | JacksonException e) {
            throw new CheckpointException(file, "the state of a run cannot be read: " + e.getMessage(), e);
        }
    }

    /** Brings the tensors of the folder onto the device, once all are there and undamaged. @throws CheckpointException */
    void load(Path folder, Map<String, Tensor> to, Ops ops) {
        Path file = folder.resolve(TENSORS);
        try (SafetensorsFile saved = SafetensorsFile.open(file)) {
            Map<String, Tensor> from = new LinkedHashMap<>();
            for (Map.Entry<String, Tensor> entry : to.entrySet()) {
                Tensor tensor = saved.tensor(entry.getKey());
                if (!tensor.shape().equals(entry.getValue().shape())) {
                    throw new CheckpointException(
                            file, entry.getKey() + " is " + tensor + " and should be " + entry.getValue());
                }
                from.put(entry.getKey(), tensor);
            }
            if (checksum(from) != crc32c) {
                throw new CheckpointException(file, "its bytes are not those that were written: the checksum differs");
            }
            for (Map.Entry<String, Tensor> entry : to.entrySet()) {
                copy(entry.getValue(), saved.tensor(entry.getKey()), ops);
            }
        }
    }

    /** As it lies where that is host memory, else a copy. */
    static Tensor host(Tensor tensor, Ops ops) {
        return tensor.storage() instanceof HostMemory
                ? tensor
                : new Tensor(tensor.dtype(), tensor.shape(), new HostMemory(MemorySegment.ofArray(ops.read(tensor))));
    }

    private static void copy(Tensor to, Tensor from, Ops ops) {
        float[] values = new float[Math.toIntExact(from.elements())];
        MemorySegment.copy(from.segment(), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, values, 0, values.length);
        ops.write(to, values);
    }

    /** CRC-32C of the tensors' bytes in the map's order. */
    private static long checksum(Map<String, Tensor> tensors) {
        CRC32C crc = new CRC32C();
        byte[] step = new byte[1 << 16];
        for (Tensor tensor : tensors.values()) {
            long bytes = tensor.dtype().bytes(tensor.elements());
            for (long at = 0; at < bytes; at += step.length) {
                int count = (int) Math.min(step.length, bytes - at);
                MemorySegment.copy(tensor.segment(), ValueLayout.JAVA_BYTE, at, step, 0, count);
                crc.update(step, 0, count);
            }
        }
        return crc.getValue();
    }
}
