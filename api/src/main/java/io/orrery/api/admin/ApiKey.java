package io.orrery.api.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key as its administrators see it.
 *
 * @param object always {@link #OBJECT}
 * @param id such as {@code key_4f1c...}
 * @param key the secret itself, in the answer that creates it and never again
 * @param prefix the secret's first characters, by which people tell keys apart
 * @param createdAt Unix seconds
 * @param expiresAt Unix seconds, null where it does not expire
 * @param revokedAt Unix seconds, null while it is good
 */
public record ApiKey(
        String object,
        String id,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String key,
        String name,
        String prefix,
        String project,
        List<String> scopes,
        @JsonProperty("created_at") long createdAt,
        @JsonProperty("expires_at") @Nullable Long expiresAt,
        @JsonProperty("revoked_at") @Nullable Long revokedAt) {
    public static final String OBJECT = "orrery.api_key";

    public ApiKey {
        scopes = List.copyOf(scopes);
    }
}
