package io.orrery.engine.checkpoint.hub;

import io.orrery.engine.checkpoint.Checkpoint;
import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.pickle.PickleCheckpoint;
import io.orrery.engine.checkpoint.safetensors.SafetensorsFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Finds a folder's weights as transformers does: {@code model.safetensors} before its index before {@code pytorch_model.bin} before
 * its index. A folder of AutoGPTQ, which {@code quantize_config.json} tells, has names of its own, and its files win over the
 * pickles that such repositories keep from the model before it was quantised. Source: AutoGPTQ {@code modeling/_base.py}, {@code
 * from_quantized}.
 */
final class WeightFiles {
    private static final String INDEX = ".index.json";
    private static final String SAFETENSORS = ".safetensors";
    private static final String PICKLE = ".bin";

    private final Path folder;
    private final Optional<JsonNode> gptqConfig;

    WeightFiles(Path folder, Optional<JsonNode> gptqConfig) {
        this.folder = folder;
        this.gptqConfig = gptqConfig;
    }

    Checkpoint open() {
        List<String> wanted = wanted();
        for (String name : wanted) {
            if (Files.exists(folder.resolve(name))) {
                return open(folder.resolve(name));
            }
        }
        throw new CheckpointException(folder, FolderListing.of(folder).withoutWeights(wanted));
    }

    private List<String> wanted() {
        List<String> names = new ArrayList<>();
        addBoth(names, "model" + SAFETENSORS);
        gptqConfig.ifPresent(config -> {
            gptqNames(config).forEach(base -> {
                addBoth(names, base + SAFETENSORS);
                addBoth(names, base + PICKLE);
            });
            List<String> others = FolderListing.of(folder).ending(SAFETENSORS);
            if (others.size() == 1) {
                names.addAll(others);
            }
        });
        addBoth(names, "pytorch_model" + PICKLE);
        return names;
    }

    private static void addBoth(List<String> names, String file) {
        names.add(file);
        names.add(file + INDEX);
    }

    private List<String> gptqNames(JsonNode config) {
        List<String> names = new ArrayList<>();
        JsonNode own = config.path("model_file_base_name");
        if (own.isString() && !own.stringValue().isEmpty()) {
            names.add(checkedName(own.stringValue()));
        }
        names.add("gptq_model-" + config.path("bits").asInt(4) + "bit-"
                + config.path("group_size").asInt(-1) + "g");
        return names;
    }

    private String checkedName(String name) {
        if (name.contains("/") || name.contains("\\") || name.contains("..") || name.indexOf(0) >= 0) {
            throw new CheckpointException(
                    folder,
                    "model_file_base_name in quantize_config.json is '" + name
                            + "', which is no name of a file; do not trust this folder");
        }
        return name;
    }

    private static Checkpoint open(Path file) {
        String name = String.valueOf(file.getFileName());
        return name.endsWith(INDEX) ? Shards.open(file, WeightFiles::openOne) : openOne(file);
    }

    /** Indexes of pickles name pickles, but nothing stops one from naming the other kind. */
    private static Checkpoint openOne(Path file) {
        return file.toString().endsWith(PICKLE) ? PickleCheckpoint.open(file) : SafetensorsFile.open(file);
    }
}
