package io.orrery.api.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A file or folder of a revision.
 *
 * @param type {@code file} or {@code directory}
 * @param oid git's hash of the blob (of the pointer, where there is one) or tree
 * @param size bytes of the content, 0 for a folder
 * @param path from the repository's root
 * @param lfs present where the content is kept outside git
 * @param xetHash under which the content can be fetched in parts
 * @param lastCommit only on request
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TreeEntry(
        String type,
        String oid,
        long size,
        String path,
        @Nullable LfsFile lfs,
        @Nullable String xetHash,
        @Nullable LastCommit lastCommit) {
    public static final String FILE = "file";
    public static final String DIRECTORY = "directory";

    /** The newest commit that changed an entry. */
    public record LastCommit(String id, String title, Instant date) {}
}
