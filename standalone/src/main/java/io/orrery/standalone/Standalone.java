package io.orrery.standalone;

import io.orrery.finetune.FinetuneApplication;
import io.orrery.gateway.GatewayApplication;
import io.orrery.inference.InferenceApplication;
import io.orrery.registry.RegistryApplication;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The whole platform on this machine: PostgreSQL and Kafka as child processes, the four services in this JVM, each with its own
 * configuration, port and schema. Thread-safe; stops once.
 */
public final class Standalone implements AutoCloseable {
    private static final String ADMIN_KEY = "admin-key";

    private final DataFolder data;
    private final URI address;
    private final String adminKey;
    private final boolean keyIsNew;
    private final List<AutoCloseable> parts = new ArrayList<>();

    private Standalone(DataFolder data, URI address, String adminKey, boolean keyIsNew) {
        this.data = data;
        this.address = address;
        this.adminKey = adminKey;
        this.keyIsNew = keyIsNew;
    }

    /**
     * Starts everything and returns once requests can be served.
     *
     * @param progress gets a line for each step
     * @throws StandaloneException where something cannot start; what had started is stopped
     */
    public static Standalone start(StandaloneOptions options, Consumer<String> progress) {
        DataFolder data = DataFolder.open(options.data());
        boolean keyIsNew = !data.has(ADMIN_KEY);
        String adminKey = data.secret(ADMIN_KEY, () -> "hf_" + DataFolder.randomText(34));
        int port = options.port() == 0 ? data.port("gateway") : options.port();
        Standalone platform = new Standalone(data, address(options.host(), port), adminKey, keyIsNew);
        try {
            platform.run(options, port, progress);
            return platform;
        } catch (RuntimeException e) {
            platform.close();
            throw e;
        }
    }

    /** Where clients find the gateway. */
    public URI address() {
        return address;
    }

    public String adminKey() {
        return adminKey;
    }

    /** Whether the admin key was made by this start. */
    public boolean keyIsNew() {
        return keyIsNew;
    }

    public Path adminKeyFile() {
        return data.root().resolve(ADMIN_KEY);
    }

    private void run(StandaloneOptions options, int port, Consumer<String> progress) {
        requireFree(options.host(), port);
        keep(ServiceLog.open(data.folder("logs").resolve("orrery.log")));
        progress.accept("starting PostgreSQL and Kafka");
        CompletableFuture<KafkaServer> kafkaStart = inBackground("kafka-start", () -> KafkaServer.start(data));
        PostgresServer postgres = keep(PostgresServer.start(data));
        KafkaServer kafka = keep(join(kafkaStart));
        ServiceSettings settings = new ServiceSettings(options, data, postgres, kafka, adminKey);
        progress.accept("starting the services");
        List<CompletableFuture<ConfigurableApplicationContext>> services = List.of(
                inBackground(
                        "registry-start",
                        () -> settings.start(
                                RegistryApplication.class, RegistryApplication.CONFIGURATION, settings.registry())),
                inBackground(
                        "inference-start",
                        () -> settings.start(
                                InferenceApplication.class, InferenceApplication.CONFIGURATION, settings.inference())),
                inBackground(
                        "finetune-start",
                        () -> settings.start(
                                FinetuneApplication.class, FinetuneApplication.CONFIGURATION, settings.finetune())),
                inBackground(
                        "gateway-start",
                        () -> settings.start(
                                GatewayApplication.class, GatewayApplication.CONFIGURATION, settings.gateway(port))));
        keepAll(services);
        progress.accept("waiting for a worker to report itself");
        Readiness.await(address, adminKey);
    }

    /** Before anything is started: the databases take seconds, and the web server finds out last. */
    private static void requireFree(String host, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(host, port));
        } catch (IOException e) {
            throw new StandaloneException(
                    "port " + port + " of " + host + " cannot be listened on (" + e.getMessage()
                            + "); stop what uses it, or name another port with --port",
                    e);
        }
    }

    /** Keeps every context that did start, even where another failed, so that closing stops it. */
    private void keepAll(List<CompletableFuture<ConfigurableApplicationContext>> services) {
        RuntimeException failure = null;
        for (CompletableFuture<ConfigurableApplicationContext> service : services) {
            try {
                keep(join(service));
            } catch (RuntimeException e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    private synchronized <T extends AutoCloseable> T keep(T part) {
        parts.add(part);
        return part;
    }

    private static <T> CompletableFuture<T> inBackground(String name, Supplier<T> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread.ofPlatform().name(name).start(() -> {
            try {
                result.complete(work.get());
            } catch (RuntimeException | Error e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private static <T> T join(CompletableFuture<T> future) {
        try {
            return future.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private static URI address(String host, int port) {
        String reachable = host.equals("0.0.0.0") || host.equals("::") ? "127.0.0.1" : host;
        return URI.create("http://" + reachable + ":" + port);
    }

    /** Stops the gateway first and the databases last. */
    @Override
    public synchronized void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.removeLast();
            try {
                part.close();
            } catch (Exception e) {
                // the others must be stopped all the same
                System.getLogger(Standalone.class.getName()).log(System.Logger.Level.WARNING, "cannot stop " + part, e);
            }
        }
        data.close();
    }
}
