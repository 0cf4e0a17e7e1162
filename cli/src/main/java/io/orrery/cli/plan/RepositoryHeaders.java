package io.orrery.cli.plan;

import io.orrery.api.hub.RepoType;
import io.orrery.api.hub.TreeEntry;
import io.orrery.cli.repository.RepositoryName;
import io.orrery.hub.HubClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The headers of a repository's files, fetched without what comes behind them: files of the right length, with a hole where the
 * weights are.
 */
final class RepositoryHeaders {
    private static final Pattern JSON = Pattern.compile("(quantize_)?config\\.json");
    private static final int MOST_JSON = 16 << 20;
    private static final int MOST_GGUF = 64 << 20;
    private static final int MOST_SAFETENSORS = 100_000_000;

    private final HubClient hub;
    private final RepositoryName repository;
    private final Path folder;

    private RepositoryHeaders(HubClient hub, RepositoryName repository, Path folder) {
        this.hub = hub;
        this.repository = repository;
        this.folder = folder;
    }

    /** The folder, or the GGUF file in it where the repository holds nothing else. */
    static Path fetch(HubClient hub, RepositoryName repository, Path folder) throws IOException {
        List<TreeEntry> files = hub.tree(RepoType.MODEL, repository.repo(), repository.revision()).stream()
                .filter(entry ->
                        entry.type().equals(TreeEntry.FILE) && !entry.path().contains("/"))
                .toList();
        return new RepositoryHeaders(hub, repository, folder).fetch(files);
    }

    private Path fetch(List<TreeEntry> files) throws IOException {
        if (files.stream().noneMatch(file -> file.path().equals("config.json"))) {
            return gguf(files);
        }
        for (TreeEntry file : files) {
            if (JSON.matcher(file.path()).matches()) {
                Files.write(
                        folder.resolve(file.path()),
                        hub.read(RepoType.MODEL, repository.repo(), repository.revision(), file.path(), MOST_JSON));
            }
        }
        if (PlannedModel.of(folder, repository.toString()).stored().isPresent()) {
            for (TreeEntry file : files) {
                if (file.path().endsWith(".safetensors")) {
                    safetensors(file);
                }
            }
        }
        return folder;
    }

    private Path gguf(List<TreeEntry> files) throws IOException {
        List<TreeEntry> found =
                files.stream().filter(file -> file.path().endsWith(".gguf")).toList();
        if (found.size() != 1) {
            throw new IllegalArgumentException(repository + " holds no config.json and "
                    + (found.isEmpty()
                            ? "no GGUF file; there is nothing to plan"
                            : "several GGUF files; pull it and name one of "
                                    + found.stream().map(TreeEntry::path).toList()));
        }
        try (InputStream content = open(found.getFirst())) {
            return write(found.getFirst(), content.readNBytes(MOST_GGUF));
        }
    }

    private void safetensors(TreeEntry file) throws IOException {
        try (InputStream content = open(file)) {
            byte[] length = content.readNBytes(Long.BYTES);
            long header = length.length < Long.BYTES
                    ? 0
                    : ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong();
            // a length that makes no sense is left to the reader of the header, which says so
            int wanted = header < 0 || header > MOST_SAFETENSORS ? 0 : (int) header;
            byte[] bytes = ByteBuffer.allocate(length.length + wanted)
                    .put(length)
                    .put(content.readNBytes(wanted))
                    .array();
            write(file, bytes);
        }
    }

    private InputStream open(TreeEntry file) {
        return hub.open(RepoType.MODEL, repository.repo(), repository.revision(), file.path());
    }

    private Path write(TreeEntry entry, byte[] beginning) throws IOException {
        Path path = folder.resolve(entry.path());
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
            file.write(beginning);
            file.setLength(Math.max(beginning.length, entry.size()));
        }
        return path;
    }
}
