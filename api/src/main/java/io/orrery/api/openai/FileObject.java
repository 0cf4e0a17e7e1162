package io.orrery.api.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * A file that was uploaded.
 *
 * @param id such as {@code file-5f0c...}
 * @param object always {@link #OBJECT}
 * @param bytes its size
 * @param createdAt Unix seconds
 * @param expiresAt Unix seconds, null where it does not expire
 * @param filename as its sender called it
 * @param purpose {@link #FINE_TUNE} for training data
 * @param status {@code processed}: what is listed is whole
 * @param statusDetails always null; OpenAI's clients expect the key
 * @param sha256 hash of the content, by which training records its data; ours
 */
public record FileObject(
        String id,
        String object,
        long bytes,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("expires_at") @Nullable Long expiresAt,
        String filename,
        String purpose,
        String status,
        @JsonProperty("status_details") @Nullable String statusDetails,
        String sha256) {
    public static final String OBJECT = "file";
    public static final String FINE_TUNE = "fine-tune";
}
