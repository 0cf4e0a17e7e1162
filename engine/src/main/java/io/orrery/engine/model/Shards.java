package io.orrery.engine.model;

import io.orrery.engine.checkpoint.AtomicFile;
import io.orrery.engine.checkpoint.TensorBytes;
import io.orrery.engine.checkpoint.WriteOptions;
import io.orrery.engine.checkpoint.safetensors.SafetensorsWriter;
import io.orrery.engine.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Weights as one {@code model.safetensors}, or as several files of at most 5 GB with an index, as huggingface_hub cuts them. */
final class Shards {
    private static final long MOST_BYTES = 5_000_000_000L;
    private static final Map<String, String> FORMAT = Map.of("format", "pt");

    private Shards() {}

    static void write(Path folder, Map<String, Tensor> tensors, WriteOptions options) {
        write(folder, tensors, options, MOST_BYTES);
    }

    static void write(Path folder, Map<String, Tensor> tensors, WriteOptions options, long mostBytes) {
        List<Map<String, Tensor>> shards = cut(tensors, mostBytes);
        if (shards.size() == 1) {
            SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors, FORMAT, options);
            return;
        }
        long total = bytes(tensors);
        ObjectNode index = JsonMapper.shared().createObjectNode();
        index.putObject("metadata").put("total_size", total);
        ObjectNode map = index.putObject("weight_map");
        long before = 0;
        for (int i = 0; i < shards.size(); i++) {
            String name = String.format(Locale.ROOT, "model-%05d-of-%05d.safetensors", i + 1, shards.size());
            long done = before;
            WriteOptions part = new WriteOptions(
                    options.threads(), (tensor, at, _) -> options.progress().report(tensor, done + at, total));
            SafetensorsWriter.write(folder.resolve(name), shards.get(i), FORMAT, part);
            shards.get(i).keySet().forEach(tensor -> map.put(tensor, name));
            before += bytes(shards.get(i));
        }
        byte[] json = JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsBytes(index);
        AtomicFile.write(
                folder.resolve("model.safetensors.index.json"), channel -> new TensorBytes(channel).write(json));
    }

    /** A tensor that is larger than a file may be has one of its own. */
    private static List<Map<String, Tensor>> cut(Map<String, Tensor> tensors, long mostBytes) {
        List<Map<String, Tensor>> shards = new ArrayList<>(List.of(new LinkedHashMap<>()));
        tensors.forEach((name, tensor) -> {
            Map<String, Tensor> last = shards.getLast();
            if (!last.isEmpty() && bytes(last) + bytes(Map.of(name, tensor)) > mostBytes) {
                shards.add(new LinkedHashMap<>());
            }
            shards.getLast().put(name, tensor);
        });
        return shards;
    }

    private static long bytes(Map<String, Tensor> tensors) {
        return tensors.values().stream()
                .mapToLong(tensor -> tensor.dtype().bytes(tensor.elements()))
                .sum();
    }
}
