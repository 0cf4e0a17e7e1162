package io.orrery.cli.serve;

import io.orrery.cli.model.DeviceOptions;
import io.orrery.cli.model.ModelLocation;
import io.orrery.cli.platform.Platform;
import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.terminal.Terminal;
import io.orrery.inference.InferenceApplication;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** One model on an OpenAI-compatible port, until Ctrl-C: the inference-service without registry, Kafka and gateway. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Serves one model on an OpenAI-compatible port, without a platform, until Ctrl-C.",
        footer = {"", "Example: orrery serve ./tiny-llama --port 8090 --api-key secret"})
public final class ServeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "PATH", description = "A folder, a GGUF file or a repository.")
    private String model;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "8090",
            description = "Where to listen (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "0.0.0.0 opens it to the network (default: ${DEFAULT-VALUE}).")
    private String host;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "32",
            description = "Sequences that run at the same time (default: ${DEFAULT-VALUE}).")
    private int parallel;

    @Option(
            names = "--api-key",
            paramLabel = "K",
            description = "What clients must send as bearer token (default: anybody may ask).")
    private @Nullable String apiKey;

    @Option(
            names = "--name",
            paramLabel = "N",
            description = "The model's id (default: the folder's, file's or repository's name).")
    private @Nullable String name;

    @Mixin
    private DeviceOptions device;

    @Mixin
    private PlatformOptions options;

    @Override
    public Integer call() throws InterruptedException {
        Terminal terminal = Terminal.of(spec);
        Path path = ModelLocation.of(model, options, terminal);
        ConfigurableApplicationContext service = start(path);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(service::close));
        try {
            URI address =
                    URI.create("http://" + host + ":" + service.getEnvironment().getProperty("local.server.port"));
            terminal.line("address " + address + "/v1");
            terminal.line("model " + id(path));
            awaitModel(address, id(path));
            terminal.line("ready");
            new CountDownLatch(1).await(); // the process is told to end, and not before
            return 0;
        } finally {
            service.close();
        }
    }

    /** The model is loaded by its first request; who reads {@code ready} need not wait for that. */
    private void awaitModel(URI address, String id) {
        String reachable = address.toString().replace("//0.0.0.0:", "//127.0.0.1:");
        try (Platform platform = new Platform(URI.create(reachable), apiKey == null ? "none" : apiKey)) {
            platform.complete(Map.of("model", id, "prompt", "a", "max_tokens", 1));
        }
    }

    private String id(Path path) {
        return Optional.ofNullable(name)
                .orElseGet(() -> ModelLocation.isLocal(model)
                        ? String.valueOf(path.toAbsolutePath().normalize().getFileName())
                                .replaceFirst("\\.gguf$", "")
                        : model);
    }

    private ConfigurableApplicationContext start(Path path) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("logging.config", "classpath:orrery-logback.xml"); // standard output is ours
        settings.put("server.address", host);
        settings.put("server.port", port);
        settings.put("orrery.inference.local-model", path.toAbsolutePath());
        settings.put("orrery.inference.local-name", id(path));
        settings.put("orrery.inference.max-sequences", parallel);
        settings.put("orrery.inference.device", device.device());
        settings.put("orrery.inference.threads", device.threads());
        if (apiKey != null) {
            settings.put("orrery.inference.api-key", apiKey);
        }
        return new SpringApplicationBuilder(InferenceApplication.class)
                .properties(InferenceApplication.CONFIGURATION)
                .bannerMode(Banner.Mode.OFF)
                .registerShutdownHook(false)
                .logStartupInfo(false)
                .run(settings.entrySet().stream()
                        .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                        .toArray(String[]::new));
    }
}
