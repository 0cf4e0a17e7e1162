package io.orrery.api.hub;

import java.util.List;

/** Whom a token names. */
public record WhoAmI(
        String type,
        String id,
        String name,
        String fullname,
        boolean emailVerified,
        boolean isPro,
        boolean canPay,
        List<Organization> orgs,
        Auth auth) {
    public record Organization(String type, String id, String name) {}

    public record Auth(String type, AccessToken accessToken) {}

    /** @param role {@code read} or {@code write} */
    public record AccessToken(String displayName, String role) {}
}
