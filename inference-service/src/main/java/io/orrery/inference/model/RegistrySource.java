package io.orrery.inference.model;

import io.orrery.api.hub.RepoInfo;
import io.orrery.api.hub.RepoType;
import io.orrery.api.openai.ModelObject;
import io.orrery.hub.HubClient;
import io.orrery.hub.HubException;
import io.orrery.hub.Progress;
import io.orrery.inference.access.Caller;
import io.orrery.inference.access.ServiceTokens;
import io.orrery.inference.mode.PlatformWorker;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;

/**
 * The model-registry. What a caller may see is asked in the caller's name; the contents are fetched in this service's own.
 */
@Component
@Conditional(PlatformWorker.class)
class RegistrySource implements ModelSource, AutoCloseable {
    private static final int MOST_REMEMBERED = 10_000;
    private static final String ADAPTER_TAG = "base_model:adapter:";
    private static final String SERVED = "text-generation";
    private static final ScopedValue<Caller> CALLER = ScopedValue.newInstance();

    private final HubClient own;
    private final HubClient visible;
    private final Path cache;
    private final Duration ttl;
    private final Clock clock = Clock.systemUTC();
    private final Map<Question, Answer> commits = new ConcurrentHashMap<>();

    private record Question(Caller caller, String repository, String revision) {}

    private record Answer(String commit, Instant at) {}

    RegistrySource(ModelProperties properties, ServiceTokens tokens) {
        this.own = new HubClient(properties.registryUrl(), tokens::own);
        this.visible = new HubClient(properties.registryUrl(), () -> tokens.onBehalfOf(CALLER.get()));
        this.cache = properties.cache();
        this.ttl = properties.revisionTtl();
    }

    @Override
    public String commit(Caller caller, String repository, String revision) {
        Question question = new Question(caller, repository, revision);
        Optional<Answer> known = Optional.ofNullable(commits.get(question));
        if (known.filter(answer -> answer.at().plus(ttl).isAfter(clock.instant()))
                .isPresent()) {
            return known.get().commit();
        }
        try {
            RepoInfo info = ScopedValue.where(CALLER, caller).call(() -> visible.info(repository, revision));
            String commit = Objects.requireNonNull(info.sha(), "the registry names no commit");
            remember(question, new Answer(commit, clock.instant()));
            return commit;
        } catch (HubException e) {
            boolean unreachable = e.status() == 0 || e.status() >= 500;
            if (unreachable && known.isPresent()) {
                return known.get().commit(); // a registry that is away does not stop what is resident
            }
            commits.remove(question);
            throw e;
        }
    }

    private void remember(Question question, Answer answer) {
        if (commits.size() >= MOST_REMEMBERED) {
            commits.values().removeIf(old -> old.at().plus(ttl).isBefore(clock.instant()));
        }
        commits.put(question, answer);
    }

    @Override
    public Path fetch(String repository, String commit, Progress progress) {
        return own.snapshot(repository, commit, cache, progress);
    }

    @Override
    public List<ModelObject> list(Caller caller) {
        return ScopedValue.where(CALLER, caller).call(() -> visible.list(RepoType.MODEL, "")).stream()
                .filter(repository -> SERVED.equals(repository.pipelineTag()))
                .flatMap(RegistrySource::served)
                .toList();
    }

    /** An adapter is asked for over its base. */
    private static Stream<ModelObject> served(RepoInfo repository) {
        List<String> bases = repository.tags().stream()
                .filter(tag -> tag.startsWith(ADAPTER_TAG))
                .map(tag -> tag.substring(ADAPTER_TAG.length()))
                .toList();
        Stream<String> ids =
                bases.isEmpty() ? Stream.of(repository.id()) : bases.stream().map(base -> base + ":" + repository.id());
        long created = Optional.ofNullable(repository.createdAt())
                .orElse(Instant.EPOCH)
                .getEpochSecond();
        String owner = Optional.ofNullable(repository.author()).orElse("orrery");
        return ids.map(id -> new ModelObject(id, created, owner));
    }

    @Override
    public void close() {
        own.close();
        visible.close();
    }
}
