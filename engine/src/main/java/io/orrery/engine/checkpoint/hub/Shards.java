package io.orrery.engine.checkpoint.hub;

import io.orrery.engine.checkpoint.Checkpoint;
import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Weights in several files; an index says which tensor lies in which. */
final class Shards implements Checkpoint {
    private final Path index;
    private final Function<Path, Checkpoint> opener;
    private final Map<String, Checkpoint> shards = new LinkedHashMap<>();
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();

    private Shards(Path index, Function<Path, Checkpoint> opener) {
        this.index = index;
        this.opener = opener;
    }

    /**
     * Opens every shard that the index names; none stays open where one of them is broken.
     *
     * @param opener of one shard
     */
    static Shards open(Path index, Function<Path, Checkpoint> opener) {
        JsonNode map = JsonFile.object(index).path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw new CheckpointException(index, "weight_map must be an object that gives each tensor its file");
        }
        Shards opened = new Shards(index, opener);
        boolean isWhole = false;
        try {
            map.properties().forEach(entry -> opened.add(entry.getKey(), entry.getValue()));
            isWhole = true;
            return opened;
        } finally {
            if (!isWhole) {
                opened.close();
            }
        }
    }

    private void add(String name, JsonNode fileName) {
        if (!fileName.isString()) {
            throw new CheckpointException(index, "weight_map gives tensor " + name + " no file name but " + fileName);
        }
        Checkpoint shard = shards.computeIfAbsent(fileName.asString(), file -> openShard(name, file));
        Tensor tensor = shard.tensors().get(name);
        if (tensor == null) {
            throw new CheckpointException(
                    index,
                    "weight_map puts tensor " + name + " into " + fileName.asString()
                            + ", which does not hold it; download both again");
        }
        tensors.put(name, tensor);
    }

    private Checkpoint openShard(String name, String fileName) {
        Path shard = within(index.toAbsolutePath().getParent(), fileName);
        if (!Files.exists(shard)) {
            throw new CheckpointException(
                    index, "weight_map puts tensor " + name + " into " + fileName + ", which is missing; download it");
        }
        return opener.apply(shard);
    }

    /** A name is followed to its file, and a link may lead elsewhere (caches do that); the name itself may not. */
    private Path within(@Nullable Path folder, String fileName) {
        try {
            Path shard = folder == null
                    ? Path.of(fileName)
                    : folder.resolve(fileName).normalize();
            if (folder != null
                    && shard.startsWith(folder.normalize())
                    && !Path.of(fileName).isAbsolute()) {
                return shard;
            }
        } catch (InvalidPathException e) {
            throw new CheckpointException(
                    index, "weight_map names the file " + fileName + ", which is no file name", e);
        }
        throw new CheckpointException(
                index,
                "weight_map names the file " + fileName + ", which is outside the folder; do not trust this index");
    }

    @Override
    public Map<String, Tensor> tensors() {
        return Collections.unmodifiableMap(tensors);
    }

    @Override
    public String source() {
        return index.toString();
    }

    @Override
    public void close() {
        shards.values().forEach(Checkpoint::close);
    }
}
