package io.orrery.api.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes a repository with a first commit on {@code main}. Clients of different ages say {@code visibility} or {@code private}.
 *
 * @param name with or without the namespace
 * @param organization namespace; absent: the one in the name, or the caller's own
 * @param type absent: a model
 * @param sdk of a space, written into the README.md of the first commit like {@code license}
 * @param license written into the README.md of the first commit
 * @param files a few small ones for the first commit
 * @param multipartThreshold bytes from which on contents come in parts; absent: as the server has it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CreateRepoRequest(
        String name,
        @Nullable String organization,
        @Nullable String type,
        @Nullable String visibility,
        @JsonProperty("private") @Nullable Boolean isPrivate,
        @Nullable String sdk,
        @Nullable String license,
        @Nullable List<File> files,
        @JsonProperty("lfsmultipartthresh") @Nullable Long multipartThreshold) {
    public static CreateRepoRequest of(String name, @Nullable String organization, RepoType type, boolean isPrivate) {
        return new CreateRepoRequest(
                name, organization, type.value(), isPrivate ? "private" : "public", null, null, null, null, null);
    }

    /**
     * A file of the first commit.
     *
     * @param encoding {@code base64}, or absent for text
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record File(
            String path, String content, @Nullable String encoding) {}
}
