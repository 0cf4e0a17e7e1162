package io.orrery.api.hub;

import com.fasterxml.jackson.annotation.JsonValue;

/** What a repository holds; it decides under which prefix its routes are. */
public enum RepoType {
    MODEL("model", "models", ""),
    DATASET("dataset", "datasets", "datasets/"),
    SPACE("space", "spaces", "spaces/");

    private final String value;
    private final String plural;
    private final String filePrefix;

    RepoType(String value, String plural, String filePrefix) {
        this.value = value;
        this.plural = plural;
        this.filePrefix = filePrefix;
    }

    /** The name in bodies, such as {@code model}. */
    @JsonValue
    public String value() {
        return value;
    }

    /** The segment after {@code /api/}, such as {@code models}. */
    public String plural() {
        return plural;
    }

    /** What stands before the repository's id in the addresses of files: nothing, {@code datasets/} or {@code spaces/}. */
    public String filePrefix() {
        return filePrefix;
    }
}
