package io.orrery.api.identity;

/**
 * The names in the short-lived JSON Web Token (HS256 over the platform's secret) that the gateway sends on behalf of a caller,
 * and that a service sends on its own. Nobody is trusted by address.
 *
 * <p>Claims: {@code iss} the gateway or the service, {@code aud} {@link #AUDIENCE}, {@code sub} the caller, {@code exp} at most
 * five minutes ahead, {@code scope} the scopes separated by spaces, {@link #PROJECT} and {@link #NAME}.
 */
public interface ServiceToken {
    String AUDIENCE = "orrery";

    /** The subject of a token for a caller without a key, who may read what is public; ids of keys have another form. */
    String ANONYMOUS = "anonymous";

    /** Claim with the project that the call is counted for. */
    String PROJECT = "project";

    /**
     * Claim with what people call the caller, absent where nobody gave it a name. It is for showing alone: two callers may have the same,
     * so rights go by the subject.
     */
    String NAME = "name";

    /** Configuration key of the shared secret, at least 32 bytes of text, the same in every service. */
    String SECRET_PROPERTY = "orrery.identity.secret";
}
