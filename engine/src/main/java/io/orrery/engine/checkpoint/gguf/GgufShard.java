package io.orrery.engine.checkpoint.gguf;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.MappedFile;
import io.orrery.engine.checkpoint.gguf.GgufHeader.Entry;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Tensor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One open file of a model that {@code llama-gguf-split} may have cut into several. Source of names and keys: llama.cpp {@code
 * llama_split_path} and {@code tools/gguf-split}.
 *
 * @param number from 0 on
 * @param count of the shards; 1 for a whole model
 */
record GgufShard(MappedFile file, GgufHeader header, long number, long count) implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf");

    private static GgufShard open(Path path) {
        return MappedFile.open(path, file -> {
            GgufHeader header = GgufHeader.parse(path.toString(), file.segment());
            long count = header.metadata().integer("split.count").orElse(1L);
            return new GgufShard(
                    file, header, header.metadata().integer("split.no").orElse(0L), count);
        });
    }

    /** The shards of a model in their order, found by the path of any of them; or the one file that it is. */
    static List<GgufShard> openAll(Path any) {
        List<GgufShard> open = new ArrayList<>();
        boolean isWhole = false;
        try {
            open.add(open(any));
            if (open.getFirst().count > 1) {
                List<Path> paths = paths(any, open.getFirst().count);
                open.removeLast().close();
                paths.forEach(path -> open.add(open(path)));
                check(open);
            }
            isWhole = true;
            return List.copyOf(open);
        } finally {
            if (!isWhole) {
                open.forEach(GgufShard::close);
            }
        }
    }

    private static List<Path> paths(Path any, long count) {
        Matcher name = NAME.matcher(String.valueOf(any.getFileName()));
        if (!name.matches() || Long.parseLong(name.group(3)) != count) {
            throw new CheckpointException(
                    any,
                    "the file is one of " + count + " parts of a model, which are found by names that end in"
                            + " -00001-of-" + numeral(count) + ".gguf; rename it, or join the parts"
                            + " (llama-gguf-split --merge)");
        }
        List<Path> paths = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            Path path = any.resolveSibling(name.group(1) + "-" + numeral(i) + "-of-" + numeral(count) + ".gguf");
            if (!Files.exists(path)) {
                throw new CheckpointException(
                        any, "the part " + path.getFileName() + " of the model is missing; download it");
            }
            paths.add(path);
        }
        return paths;
    }

    private static String numeral(long number) {
        return String.format(Locale.ROOT, "%05d", number);
    }

    private static void check(List<GgufShard> shards) {
        int tensors = 0;
        for (int i = 0; i < shards.size(); i++) {
            GgufShard shard = shards.get(i);
            if (shard.count != shards.size() || shard.number != i) {
                throw new CheckpointException(
                        shard.file.path(),
                        "the file says that it is part " + (shard.number + 1) + " of " + shard.count
                                + ", its name says otherwise; download it again");
            }
            tensors += shard.header.entries().size();
        }
        GgufMetadata metadata = shards.getFirst().header.metadata();
        Optional<Long> wanted = metadata.integer("split.tensors.count");
        if (wanted.isPresent() && wanted.get() != tensors) {
            throw new CheckpointException(
                    metadata.source(),
                    "the " + shards.size() + " parts hold " + tensors + " tensors and not the " + wanted.get()
                            + " of the model; download them again");
        }
    }

    Tensor tensor(Entry entry) {
        // a tensor without elements has no place that could lie outside the file
        long start = entry.bytes() == 0 ? 0 : header.dataStart() + entry.offset();
        HostMemory bytes = new HostMemory(file.segment().asSlice(start, entry.bytes()));
        return new Tensor(entry.dtype(), entry.shape(), bytes);
    }

    @Override
    public void close() {
        file.close();
    }
}
