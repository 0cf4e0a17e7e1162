package io.orrery.api.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A line of the body of a commit, which is newline-delimited JSON.
 *
 * @param key {@link #HEADER}, {@link #FILE}, {@link #LFS_FILE}, {@link #DELETED_FILE} or {@link #DELETED_FOLDER}
 */
public record CommitLine(String key, Value value) {
    public static final String HEADER = "header";
    public static final String FILE = "file";
    public static final String LFS_FILE = "lfsFile";
    public static final String DELETED_FILE = "deletedFile";
    public static final String DELETED_FOLDER = "deletedFolder";

    /**
     * What the line says; which parts are there depends on its key.
     *
     * @param parentCommit the commit that the caller thinks is the branch's head
     * @param encoding {@code base64}, or {@code utf-8}, which is also the default
     * @param oid sha256 of a content that was uploaded
     * @param size absent where a content of this repository is given a second path
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Value(
            @Nullable String summary,
            @Nullable String description,
            @Nullable String parentCommit,
            @Nullable String path,
            @Nullable String content,
            @Nullable String encoding,
            @Nullable String algo,
            @Nullable String oid,
            @Nullable Long size) {
        public static Value header(String summary, @Nullable String parentCommit) {
            return new Value(summary, "", parentCommit, null, null, null, null, null, null);
        }

        public static Value file(String path, String base64) {
            return new Value(null, null, null, path, base64, "base64", null, null, null);
        }

        public static Value lfsFile(String path, String sha256, long size) {
            return new Value(null, null, null, path, null, null, "sha256", sha256, size);
        }

        public static Value deletion(String path) {
            return new Value(null, null, null, path, null, null, null, null, null);
        }
    }
}
