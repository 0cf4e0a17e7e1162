package io.orrery.api.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whom a token names. Nobody pays here, and no mail addresses are kept, but clients read what the Hub says of both.
 *
 * @param name the namespace of what is made without one
 */
public record WhoAmI(
        String type,
        String id,
        String name,
        String fullname,
        @Nullable String email,
        boolean emailVerified,
        boolean isPro,
        boolean canPay,
        @Nullable Instant periodEnd,
        String avatarUrl,
        String billingMode,
        List<Organization> orgs,
        Auth auth) {
    public static WhoAmI of(String id, String name, AccessToken token) {
        return new WhoAmI(
                "user",
                id,
                name,
                name,
                null,
                false,
                false,
                false,
                null,
                "",
                "prepaid",
                List.of(),
                new Auth("access_token", token));
    }

    /** A group that the caller belongs to. */
    public record Organization(String type, String id, String name) {}

    public record Auth(String type, AccessToken accessToken) {}

    /**
     * What is known of the token itself.
     *
     * @param role {@code read} or {@code write}
     * @param createdAt absent where only the token's bearer is known
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record AccessToken(
            String displayName, String role, @Nullable Instant createdAt) {
        /** @param mayWrite whether it may write to repositories */
        public static AccessToken of(String displayName, boolean mayWrite, @Nullable Instant createdAt) {
            return new AccessToken(displayName, mayWrite ? "write" : "read", createdAt);
        }
    }
}
