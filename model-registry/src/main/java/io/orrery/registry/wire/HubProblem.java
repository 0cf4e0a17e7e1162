package io.orrery.registry.wire;

import io.orrery.api.hub.HubError;
import java.time.Duration;
import java.util.Optional;

/** A request that is refused, as the Hub says it: a status, a code that Python clients decide by, and a sentence. */
public final class HubProblem extends RuntimeException {
    private static final String DISABLED = "Access to this resource is disabled.";

    private final int status;
    private final String code;
    private final Optional<String> commit;
    private final Optional<String> movedTo;
    private final Optional<Duration> retryAfter;

    private HubProblem(int status, String code, String message, Optional<String> commit) {
        this(status, code, message, commit, Optional.empty(), Optional.empty());
    }

    private HubProblem(
            int status,
            String code,
            String message,
            Optional<String> commit,
            Optional<String> movedTo,
            Optional<Duration> retryAfter) {
        super(message);
        this.status = status;
        this.code = code;
        this.commit = commit;
        this.movedTo = movedTo;
        this.retryAfter = retryAfter;
    }

    public static HubProblem of(int status, String message) {
        return new HubProblem(status, "", message, Optional.empty());
    }

    public static HubProblem badRequest(String message) {
        return of(400, message);
    }

    public static HubProblem forbidden(String message) {
        return of(403, message);
    }

    public static HubProblem conflict(String message) {
        return of(409, message);
    }

    public static HubProblem insufficientStorage(String message) {
        return of(507, message);
    }

    /** Also for a private repository that the caller may not see. */
    public static HubProblem repoNotFound() {
        return new HubProblem(404, HubError.REPO_NOT_FOUND, "Repository not found", Optional.empty());
    }

    public static HubProblem revisionNotFound(String revision) {
        return new HubProblem(404, HubError.REVISION_NOT_FOUND, "Invalid rev id: " + revision, Optional.empty());
    }

    public static HubProblem entryNotFound(String commit) {
        return entryNotFound("Entry not found", commit);
    }

    public static HubProblem entryNotFound(String message, String commit) {
        return new HubProblem(404, HubError.ENTRY_NOT_FOUND, message, Optional.of(commit));
    }

    /** A repository that has another name now; clients are led to the same route there. */
    public static HubProblem moved(String repo) {
        return new HubProblem(
                307,
                "",
                "The repository is called " + repo + " now",
                Optional.empty(),
                Optional.of(repo),
                Optional.empty());
    }

    /** A refusal for now. */
    public static HubProblem tooManyRequests(String message, Duration retryAfter) {
        return new HubProblem(429, "", message, Optional.empty(), Optional.empty(), Optional.of(retryAfter));
    }

    /** Contents of a repository for those alone who were let in. */
    public static HubProblem gated(String message) {
        return new HubProblem(403, HubError.GATED_REPO, message, Optional.empty());
    }

    /** A repository that was taken down; clients know it by the sentence. */
    public static HubProblem disabled() {
        return forbidden(DISABLED);
    }

    /**
     * The same refusal for a caller without a key, who may get further with one: clients are asked for it, and shown the sentence of a
     * gated repository as it is.
     */
    HubProblem toAnonymous() {
        return switch (code) {
            case HubError.REPO_NOT_FOUND -> new HubProblem(401, code, "Invalid username or password.", commit);
            case HubError.GATED_REPO -> new HubProblem(401, code, sentence() + " Please log in.", commit);
            default -> status == 403 && !sentence().equals(DISABLED) ? of(401, sentence() + " Please log in.") : this;
        };
    }

    public static HubProblem staleParent() {
        return of(412, "A commit has happened since. Please refresh and try again.");
    }

    public int status() {
        return status;
    }

    public String code() {
        return code;
    }

    /** The commit that was looked at: with it clients remember that an entry is missing. */
    public Optional<String> commit() {
        return commit;
    }

    public Optional<String> movedTo() {
        return movedTo;
    }

    public Optional<Duration> retryAfter() {
        return retryAfter;
    }

    public String sentence() {
        return Optional.ofNullable(getMessage()).orElse("");
    }
}
