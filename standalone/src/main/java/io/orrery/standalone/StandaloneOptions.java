package io.orrery.standalone;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * How the platform runs on this machine.
 *
 * @param data folder for everything that is kept
 * @param host address that the gateway listens on; everything else stays on loopback
 * @param port port of the gateway, or 0 for a free one
 * @param device where models run, such as {@code cpu}
 * @param threads of the CPU device; 0 for one per core
 * @param upstream a hub whose repositories are answered with as if they were here
 * @param importRoots folders with caches of other hubs that an administrator may have taken in
 */
public record StandaloneOptions(
        Path data, String host, int port, String device, int threads, Optional<URI> upstream, List<Path> importRoots) {
    public StandaloneOptions(Path data, String host, int port, String device, int threads) {
        this(data, host, port, device, threads, Optional.empty(), List.of());
    }

    public StandaloneOptions {
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException("port " + port + " is not between 0 and 65535");
        }
        data = data.toAbsolutePath().normalize();
        importRoots = List.copyOf(importRoots);
    }
}
