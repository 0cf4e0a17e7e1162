package io.orrery.api.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks for a key.
 *
 * @param name what people call it
 * @param project what its calls are counted for, and the namespace of repositories made with it; the gateway's default where absent
 * @param scopes values of {@link io.orrery.api.identity.Scope}; all but {@code admin} where absent
 * @param expiresAt Unix seconds; never where absent
 */
public record NewKey(
        String name,
        @Nullable String project,
        @Nullable List<String> scopes,
        @JsonProperty("expires_at") @Nullable Long expiresAt) {
    public NewKey {
        scopes = scopes == null ? null : List.copyOf(scopes);
    }
}
