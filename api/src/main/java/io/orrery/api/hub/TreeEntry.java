package io.orrery.api.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
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
 * @param securityFileStatus of a file, only on request
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record TreeEntry(
        String type,
        String oid,
        long size,
        String path,
        @Nullable LfsFile lfs,
        @Nullable String xetHash,
        @Nullable LastCommit lastCommit,
        @Nullable SecurityFileStatus securityFileStatus) {
    public static final String FILE = "file";
    public static final String DIRECTORY = "directory";

    /** The newest commit that changed an entry. */
    public record LastCommit(String id, String title, Instant date) {}

    /**
     * Whether a file can be trusted. Python's client reads all three keys unguarded, so they are there also when null.
     *
     * @param status {@code safe}, {@code queued}, {@code unscanned}, {@code caution}, {@code suspicious} or {@code unsafe}
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record SecurityFileStatus(
            String status,
            @Nullable Object avScan,
            @Nullable PickleImportScan pickleImportScan) {}

    /**
     * What a pickle would have Python import.
     *
     * @param message why it could not be read to its end
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record PickleImportScan(
            String status,
            List<PickleImport> pickleImports,
            @Nullable String message) {}

    /** @param safety {@code innocuous}, {@code suspicious} or {@code dangerous} */
    public record PickleImport(String module, String name, String safety) {}
}
