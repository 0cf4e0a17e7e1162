package io.orrery.cli.platform;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** A platform's address and a key to it, as {@code login} keeps them in a file that its owner alone can read. */
record Login(URI url, String key) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** @throws PlatformException where the file is there and is not one of ours */
    static Optional<Login> read(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.readValue(Files.readString(file), Login.class));
        } catch (JacksonException | IOException e) {
            throw new PlatformException(
                    file + " cannot be read (" + e.getMessage() + "); delete it and log in again with: orrery login",
                    e);
        }
    }

    void write(Path file) {
        try {
            Files.createDirectories(file.getParent());
            Path temporary = Files.createTempFile(
                    file.getParent(),
                    ".login",
                    ".json",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(temporary, JSON.writeValueAsString(this) + "\n");
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new PlatformException("the login cannot be kept in " + file + ": " + e, e);
        }
    }
}
