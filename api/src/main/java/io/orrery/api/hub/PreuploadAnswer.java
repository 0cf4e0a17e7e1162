package io.orrery.api.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How files are to be uploaded. */
public record PreuploadAnswer(List<File> files) {
    public static final String LFS = "lfs";
    public static final String REGULAR = "regular";

    /**
     * A file's way.
     *
     * @param uploadMode {@link #LFS} or {@link #REGULAR}
     * @param oid what is there now: git's blob hash of a regular file, the sha256 of the content of another
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record File(
            String path,
            String uploadMode,
            boolean shouldIgnore,
            @Nullable String oid) {}
}
