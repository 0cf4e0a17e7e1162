package io.orrery.standalone;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.NestedExceptionUtils;

/** What each service is told when it runs in this process: loopback ports, the databases' addresses, folders, the secret. */
record ServiceSettings(
        StandaloneOptions options, DataFolder data, PostgresServer postgres, KafkaServer kafka, String adminKey) {
    ConfigurableApplicationContext start(Class<?> application, String configuration, Map<String, Object> settings) {
        SpringApplicationBuilder builder = new SpringApplicationBuilder(application)
                .properties(configuration)
                .bannerMode(Banner.Mode.OFF)
                .registerShutdownHook(false)
                .logStartupInfo(false);
        String[] arguments = settings.entrySet().stream()
                .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
                .toArray(String[]::new);
        try {
            return builder.run(arguments);
        } catch (RuntimeException e) {
            // Spring wraps the cause many times over, and has logged it whole
            throw new StandaloneException(
                    configuration.substring(configuration.indexOf('=') + 1) + " did not start: "
                            + NestedExceptionUtils.getMostSpecificCause(e).getMessage() + " (more in " + log() + ")",
                    e);
        }
    }

    Path log() {
        return data.folder("logs").resolve("orrery.log");
    }

    Map<String, Object> registry() {
        Map<String, Object> settings = loopback("registry");
        settings.putAll(database("registry"));
        settings.put("orrery.registry.blobs", data.folder("blobs"));
        for (int i = 0; i < options.importRoots().size(); i++) {
            settings.put(
                    "orrery.registry.import.roots[" + i + "]",
                    options.importRoots().get(i));
        }
        options.upstream().ifPresent(hub -> settings.put("orrery.registry.mirror.upstream", hub.toString()));
        return settings;
    }

    Map<String, Object> inference() {
        Map<String, Object> settings = loopback("inference");
        settings.put("orrery.inference.registry-url", url("registry"));
        settings.put("orrery.inference.worker-id", "standalone");
        settings.put("orrery.inference.worker-url", url("inference"));
        settings.put("orrery.inference.cache", data.folder("cache/inference"));
        settings.put("orrery.inference.device", options.device());
        settings.put("orrery.inference.threads", options.threads());
        return settings;
    }

    Map<String, Object> finetune() {
        Map<String, Object> settings = loopback("finetune");
        settings.putAll(database("finetune"));
        settings.put("orrery.finetune.registry-url", url("registry"));
        settings.put("orrery.finetune.files", data.folder("files"));
        settings.put("orrery.finetune.work", data.folder("jobs"));
        settings.put("orrery.finetune.worker.id", "standalone");
        settings.put("orrery.finetune.worker.device", options.device());
        settings.put("orrery.finetune.worker.threads", options.threads());
        return settings;
    }

    Map<String, Object> gateway(int port) {
        Map<String, Object> settings = everywhere();
        settings.put("server.address", options.host());
        settings.put("server.port", port);
        settings.putAll(database("gateway"));
        settings.put("orrery.gateway.bootstrap-key", adminKey);
        settings.put("orrery.gateway.registry-url", url("registry"));
        settings.put("orrery.gateway.finetune-url", url("finetune"));
        return settings;
    }

    private Map<String, Object> loopback(String service) {
        Map<String, Object> settings = everywhere();
        settings.put("server.address", "127.0.0.1");
        settings.put("server.port", data.port(service));
        return settings;
    }

    private Map<String, Object> everywhere() {
        Map<String, Object> settings = new HashMap<>();
        settings.put("spring.kafka.bootstrap-servers", kafka.bootstrapServers());
        settings.put("orrery.identity.secret", data.secret("identity-secret", () -> DataFolder.randomText(48)));
        return settings;
    }

    private Map<String, Object> database(String schema) {
        return Map.of(
                "spring.datasource.url", postgres.url() + "?currentSchema=" + schema,
                "spring.datasource.username", postgres.user(),
                "spring.datasource.password", postgres.password());
    }

    private String url(String service) {
        return "http://127.0.0.1:" + data.port(service);
    }
}
