package io.orrery.api.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks how files are to be uploaded.
 *
 * @param gitIgnore rules that stand in for the committed .gitignore
 * @param gitAttributes rules that stand in for the committed .gitattributes
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record PreuploadRequest(
        List<File> files,
        @Nullable String gitIgnore,
        @Nullable String gitAttributes) {
    /**
     * A file to come.
     *
     * @param sample first 512 bytes in base64
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record File(String path, long size, @Nullable String sample) {}
}
