package io.orrery.finetune.registry;

import io.orrery.api.hub.RepoInfo;
import io.orrery.api.hub.RepoType;
import io.orrery.finetune.access.Caller;
import io.orrery.finetune.access.ServiceTokens;
import io.orrery.hub.CommitRequest;
import io.orrery.hub.HubClient;
import io.orrery.hub.HubException;
import io.orrery.hub.HubTimeouts;
import io.orrery.hub.Upload;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.stereotype.Component;

/** The models of the registry over HTTP. Thread-safe. */
@Component
@EnableConfigurationProperties(RegistryProperties.class)
class HubModels implements Models {
    /** 424 is a mirror that is kept offline for now. */
    private static final Set<Integer> PASSING = Set.of(408, 424, 429, 500, 502, 503, 504);

    private final RegistryProperties properties;
    private final ServiceTokens tokens;
    private final HubTimeouts timeouts;

    HubModels(RegistryProperties properties, ServiceTokens tokens) {
        this.properties = properties;
        this.tokens = tokens;
        HubTimeouts usual = HubTimeouts.DEFAULT;
        timeouts = new HubTimeouts(
                usual.connect(),
                properties.registryTimeout(),
                properties.registryTimeout(),
                usual.slowestBytesPerSecond(),
                usual.snapshot());
    }

    @Override
    public String commit(Caller owner, String repository, String revision) {
        return asking(
                owner,
                repository,
                revision,
                hub -> Optional.ofNullable(hub.info(repository, revision).sha())
                        .orElseThrow(
                                () -> new RegistryException(repository + "@" + revision + " has no commit.", false)));
    }

    @Override
    public Path snapshot(Caller owner, String repository, String revision, Transfer transfer) {
        return asking(
                owner,
                repository,
                revision,
                hub -> hub.snapshot(
                        repository, revision, properties.bases(), (path, done, total) -> transfer.at(done, total)));
    }

    @Override
    public String publish(Publication publication) {
        String repository = publication.repository();
        List<Upload> uploads = ResultFiles.of(publication);
        return asking(publication.owner(), repository, "main", hub -> {
            RepoInfo base = hub.info(
                    publication.lineage().baseRepository(),
                    publication.lineage().baseCommit());
            hub.createRepo(RepoType.MODEL, repository, base.isPrivate(), true);
            String message = "Publish the result of " + publication.lineage().job();
            return hub.commit(new CommitRequest(RepoType.MODEL, repository, "main", message, uploads))
                    .commitOid();
        });
    }

    private <T> T asking(Caller owner, String repository, String revision, Function<HubClient, T> question) {
        try (HubClient hub = new HubClient(properties.registryUrl(), () -> tokens.mint(owner), timeouts)) {
            return question.apply(hub);
        } catch (HubException e) {
            throw explained(e, repository, revision);
        }
    }

    private static RegistryException explained(HubException e, String repository, String revision) {
        boolean passing =
                PASSING.contains(e.status()) || e.status() == 0 && !e.code().isEmpty();
        String what = "model '" + repository + "' at revision '" + revision + "'";
        String message = switch (e.status()) {
            case 404, 401 ->
                "The registry has no " + what + " for this project: " + e.detail()
                        + " Upload it first, or correct the name.";
            default -> "The registry failed on " + what + ": " + e.getMessage();
        };
        return new RegistryException(message, passing, e);
    }
}
