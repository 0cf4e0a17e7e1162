package io.orrery.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The folder that holds everything a platform on this machine keeps: databases, blobs, keys, and the loopback ports it found
 * free the first time. Held by one process at a time.
 */
final class DataFolder implements AutoCloseable {
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    private final Path root;
    private final FileChannel lockFile;
    private final Properties ports = new Properties();
    private final Map<String, Integer> decided = new HashMap<>();

    private DataFolder(Path root, FileChannel lockFile) {
        this.root = root;
        this.lockFile = lockFile;
    }

    /** @throws StandaloneException where another process holds the folder, or it cannot be written */
    static DataFolder open(Path root) {
        try {
            Files.createDirectories(root);
            FileChannel channel =
                    FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            @Nullable FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                throw new StandaloneException("the data folder " + root
                        + " is in use by another orrery; stop that one or name another folder with --data");
            }
            DataFolder folder = new DataFolder(root, channel);
            folder.readPorts();
            return folder;
        } catch (IOException e) {
            throw new StandaloneException("the data folder " + root + " cannot be used: " + e, e);
        }
    }

    Path root() {
        return root;
    }

    /** A subfolder, made if it is not there. */
    Path folder(String name) {
        try {
            return Files.createDirectories(root.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make " + root.resolve(name), e);
        }
    }

    /**
     * A loopback port by name: the one of last time where it is still free, so that URLs in logs and clients stay true. Decided
     * once while the folder is held.
     */
    synchronized int port(String name) {
        return decided.computeIfAbsent(name, this::decide);
    }

    private int decide(String name) {
        int remembered = Integer.parseInt(ports.getProperty(name, "0"));
        int port = remembered != 0 && isFree(remembered) ? remembered : freePort();
        if (port != remembered) {
            ports.setProperty(name, Integer.toString(port));
            writePorts();
        }
        return port;
    }

    /** A secret by file name, made once, whoever asks first, and readable by its owner alone. */
    synchronized String secret(String name, Supplier<String> fresh) {
        Path file = root.resolve(name);
        try {
            if (!Files.exists(file)) {
                writePrivately(file, fresh.get());
            }
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the secret " + file, e);
        }
    }

    boolean has(String name) {
        return Files.exists(root.resolve(name));
    }

    static String randomText(int length) {
        SecureRandom random = new SecureRandom();
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    private static void writePrivately(Path file, String content) throws IOException {
        Path temporary = Files.createTempFile(
                file.getParent(),
                ".new",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(temporary, content + "\n");
        try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private void readPorts() throws IOException {
        Path file = root.resolve("ports");
        if (Files.exists(file)) {
            try (var in = Files.newBufferedReader(file)) {
                ports.load(in);
            }
        }
    }

    private void writePorts() {
        StringBuilder lines = new StringBuilder();
        ports.stringPropertyNames().stream()
                .sorted()
                .forEach(name -> lines.append(name)
                        .append('=')
                        .append(ports.getProperty(name))
                        .append('\n'));
        try {
            writePrivately(root.resolve("ports"), lines.toString());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remember the ports in " + root, e);
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("no free loopback port", e);
        }
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot give back the lock of " + root, e);
        }
    }
}
