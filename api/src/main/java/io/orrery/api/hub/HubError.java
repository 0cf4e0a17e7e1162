package io.orrery.api.hub;

/** Body of every error on the Hub's wire. The headers {@link #CODE} and {@link #MESSAGE} go with it: Python clients decide by them. */
public record HubError(String error) {
    public static final String CODE = "X-Error-Code";
    public static final String MESSAGE = "X-Error-Message";
    public static final String REPO_NOT_FOUND = "RepoNotFound";
    public static final String REVISION_NOT_FOUND = "RevisionNotFound";
    public static final String ENTRY_NOT_FOUND = "EntryNotFound";
    public static final String GATED_REPO = "GatedRepo";
}
