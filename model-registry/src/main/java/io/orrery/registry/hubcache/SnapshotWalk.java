package io.orrery.registry.hubcache;

import io.orrery.registry.hubcache.CachedRepo.CachedFile;
import io.orrery.registry.hubcache.CachedRepo.Skip;
import io.orrery.registry.repository.FilePath;
import io.orrery.registry.wire.HubProblem;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Walks the files of a snapshot, whose links are followed once, to a file in the cache and nowhere else. Confined to one thread. */
final class SnapshotWalk extends SimpleFileVisitor<Path> {
    static final int MOST_FILES = 1_000_000;
    private static final int MOST_DEPTH = 64;
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    private final Path root;
    private final Path blobs;
    private final Path snapshot;
    private final Consumer<Skip> skipped;
    private final List<CachedFile> files = new ArrayList<>();

    SnapshotWalk(Path root, Path repository, Path snapshot, Consumer<Skip> skipped) {
        this.root = root;
        this.blobs = repository.resolve("blobs");
        this.snapshot = snapshot;
        this.skipped = skipped;
    }

    List<CachedFile> files() throws IOException {
        Files.walkFileTree(snapshot, EnumSet.noneOf(FileVisitOption.class), MOST_DEPTH, this);
        return files;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        if (files.size() >= MOST_FILES) {
            throw new IOException(snapshot + " has more than " + MOST_FILES + " files");
        }
        String path = snapshot.relativize(file).toString().replace('\\', '/');
        try {
            FilePath.parse(path);
            Path content = attributes.isSymbolicLink() ? file.toRealPath() : file;
            Optional<String> fault = fault(content);
            if (fault.isPresent()) {
                skip(file, fault.get());
            } else {
                files.add(new CachedFile(path, content, Files.size(content), hash(content)));
            }
        } catch (NoSuchFileException e) {
            skip(file, "its content is missing: the link leads to " + Files.readSymbolicLink(file));
        } catch (HubProblem e) {
            skip(file, e.sentence());
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) {
        skip(file, "it cannot be read: " + failure.getMessage());
        return FileVisitResult.CONTINUE;
    }

    private Optional<String> fault(Path content) {
        if (!content.startsWith(root)) {
            return Optional.of("it is a link that leads out of the cache");
        }
        if (!Files.isRegularFile(content, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of("it is no file");
        }
        return content.getFileName().toString().endsWith(".incomplete")
                ? Optional.of("its download has not ended")
                : Optional.empty();
    }

    private Optional<String> hash(Path content) {
        String name = content.getFileName().toString();
        return blobs.equals(content.getParent()) && HASH.matcher(name).matches() ? Optional.of(name) : Optional.empty();
    }

    private void skip(Path file, String why) {
        skipped.accept(new Skip(root.relativize(file).toString(), why));
    }
}
