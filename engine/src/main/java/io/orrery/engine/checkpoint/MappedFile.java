package io.orrery.engine.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Function;

/** A file of any size as read-only memory until it is closed. Safe for threads while open. */
public final class MappedFile implements AutoCloseable {
    private final Path path;
    private final Arena arena;
    private final MemorySegment segment;

    private MappedFile(Path path, Arena arena, MemorySegment segment) {
        this.path = path;
        this.arena = arena;
        this.segment = segment;
    }

    /** Maps a file. @throws CheckpointException where it is absent, a folder or not to be read */
    @SuppressWarnings("MustBeClosedChecker") // the arena is this object's to close
    public static MappedFile open(Path path) {
        if (Files.isDirectory(path)) {
            throw new CheckpointException(path, "this is a folder where a file is needed");
        }
        Arena arena = Arena.ofShared();
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            return new MappedFile(path, arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
        } catch (NoSuchFileException e) {
            arena.close();
            throw new CheckpointException(path, "there is no such file", e);
        } catch (IOException e) {
            arena.close();
            throw new CheckpointException(path, "the file cannot be read: " + e.getMessage(), e);
        }
    }

    /** Maps a file and makes of it what owns the map from then on; unmaps it where that fails. */
    public static <T> T open(Path path, Function<MappedFile, T> reader) {
        MappedFile file = open(path);
        boolean isRead = false;
        try {
            T read = reader.apply(file);
            isRead = true;
            return read;
        } finally {
            if (!isRead) {
                file.close();
            }
        }
    }

    public Path path() {
        return path;
    }

    public MemorySegment segment() {
        return segment;
    }

    @Override
    public void close() {
        arena.close();
    }
}
