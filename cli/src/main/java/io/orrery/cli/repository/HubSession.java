package io.orrery.cli.repository;

import io.orrery.api.hub.HubError;
import io.orrery.api.hub.RepoRefs;
import io.orrery.api.hub.RepoType;
import io.orrery.cli.platform.Platform;
import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.terminal.Quantity;
import io.orrery.hub.HubClient;
import io.orrery.hub.HubException;
import java.net.URI;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Asks a hub about one repository, and says in a person's words what a refusal means and what to do about it. */
public final class HubSession implements AutoCloseable {
    private static final String GATED = "GatedRepo";
    private static final int SHOWN_REVISIONS = 10;

    private final Platform platform;
    private final URI address;
    private final boolean hasKey;
    private final RepoType type;
    private final RepositoryName repository;

    private HubSession(Platform platform, PlatformOptions options, RepoType type, RepositoryName repository) {
        this.platform = platform;
        this.address = options.address();
        this.hasKey = options.hasKey();
        this.type = type;
        this.repository = repository;
    }

    /** Without a key too: a hub may show what is public to anybody. */
    public static HubSession reading(PlatformOptions options, RepoType type, RepositoryName repository) {
        return new HubSession(options.connectToHub(), options, type, repository);
    }

    /** With a key, whose lack is told before anything is done. */
    static HubSession writing(PlatformOptions options, RepoType type, RepositoryName repository) {
        return new HubSession(options.connect(), options, type, repository);
    }

    /** @throws RefusedException where the hub answers that it will not */
    public <T> T ask(Function<HubClient, T> question) {
        try {
            return question.apply(platform.hub());
        } catch (HubException e) {
            throw explained(e);
        }
    }

    private RuntimeException explained(HubException e) {
        return switch (e.code()) {
            case HubError.REPO_NOT_FOUND -> new RefusedException(noRepository(), e);
            case HubError.REVISION_NOT_FOUND -> new RefusedException(noRevision(), e);
            case HubError.ENTRY_NOT_FOUND -> new RefusedException(repository + " at " + address + ": " + e.detail(), e);
            case GATED -> new RefusedException(gated(), e);
            case HubException.BROKEN_OFF -> new RefusedException(e.getMessage() + " " + AGAIN, e);
            default -> byStatus(e);
        };
    }

    private static final String AGAIN = "Run the same command again to go on from there.";

    private RuntimeException byStatus(HubException e) {
        String retry = e.retryAfter()
                .map(time -> "; it asks to come back in " + Quantity.duration(time))
                .orElse("");
        return switch (e.status()) {
            case 401 ->
                new RefusedException(
                        address + " does not take " + (hasKey ? "this key" : "anybody without a key") + ": "
                                + e.detail() + "; " + login(),
                        e);
            case 403 ->
                new RefusedException("this key may not do that with " + repository.repo() + ": " + e.detail(), e);
            case 429 -> new RefusedException(address + " is asked too often: " + e.detail() + retry + ". " + AGAIN, e);
            case 500, 502, 503, 504 ->
                new RefusedException(
                        address + " is in trouble (" + e.status() + ": " + e.detail() + ")" + retry + ". " + AGAIN, e);
            default -> e;
        };
    }

    private String noRepository() {
        String others = Stream.of(RepoType.values())
                .filter(other -> other != type)
                .map(RepoType::value)
                .collect(Collectors.joining(" or "));
        String here = "there is no " + type.value() + " " + repository.repo() + " at " + address;
        return hasKey
                ? here + ", or this key may not see it; a " + others + " is named with --type"
                : here + " that anybody may see; if it is private, " + login();
    }

    private String noRevision() {
        String known;
        try {
            RepoRefs refs = platform.hub().refs(type, repository.repo());
            List<String> names = Stream.of(refs.branches(), refs.tags())
                    .flatMap(List::stream)
                    .map(RepoRefs.Ref::name)
                    .toList();
            known = "; it has "
                    + names.stream().limit(SHOWN_REVISIONS).collect(Collectors.joining(", "))
                    + (names.size() > SHOWN_REVISIONS ? " and " + (names.size() - SHOWN_REVISIONS) + " more" : "");
        } catch (HubException e) {
            known = "";
        }
        return repository.repo() + " has no branch, tag or commit '" + repository.revision() + "'" + known;
    }

    private String gated() {
        String page = address + "/" + type.filePrefix() + repository.repo();
        return "the files of " + repository.repo() + " are for those who were let in; ask at " + page
                + (hasKey ? "" : ", and then " + login());
    }

    private String login() {
        return "log in with: orrery login --url " + address + " --token KEY";
    }

    @Override
    public void close() {
        platform.close();
    }
}
