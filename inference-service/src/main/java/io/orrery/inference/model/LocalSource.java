package io.orrery.inference.model;

import io.orrery.api.openai.ModelObject;
import io.orrery.hub.Progress;
import io.orrery.inference.access.Caller;
import io.orrery.inference.mode.LocalModel;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;

/** One model of this machine. Immutable. */
@Component
@Conditional(LocalModel.class)
class LocalSource implements ModelSource {
    private static final String COMMIT = "0".repeat(40);

    private final Path path;
    private final String name;
    private final long since = Clock.systemUTC().instant().getEpochSecond();

    LocalSource(ModelProperties properties) {
        this.path = Objects.requireNonNull(properties.localModel(), "orrery.inference.local-model")
                .toAbsolutePath()
                .normalize();
        this.name = Optional.ofNullable(properties.localName())
                .orElseGet(() ->
                        Objects.requireNonNull(path.getFileName()).toString().replaceFirst("\\.gguf$", ""));
    }

    String name() {
        return name;
    }

    @Override
    public String commit(Caller caller, String repository, String revision) {
        if (!repository.equals(name)) {
            throw Problems.unknown("The model '" + repository + "' does not exist; this server has '" + name + "'.");
        }
        return COMMIT;
    }

    @Override
    public Path fetch(String repository, String commit, Progress progress) {
        return path;
    }

    @Override
    public List<ModelObject> list(Caller caller) {
        return List.of(new ModelObject(name, since, "local"));
    }
}
