package io.orrery.inference.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.orrery.api.identity.Scope;
import io.orrery.api.identity.ServiceToken;
import io.orrery.inference.mode.PlatformWorker;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.springframework.context.annotation.Conditional;
import org.springframework.stereotype.Component;

/** Mints the tokens by which the registry knows this service, and for whom it asks. Thread-safe. */
@Component
@Conditional(PlatformWorker.class)
public class ServiceTokens {
    private static final String OWN = "inference-service";
    /** The registry lets every other issuer see all repositories; whether a caller may see one is asked as the gateway asks. */
    private static final String ON_BEHALF_OF_OTHERS = "gateway";

    private static final Duration LIFETIME = Duration.ofMinutes(5);

    private final byte[] secret;

    ServiceTokens(IdentityProperties identity) {
        this.secret = identity.bytes();
    }

    /** A fresh token to read whatever has been decided to be served. */
    public String own() {
        return mint(OWN, new Caller(OWN, "", false));
    }

    /** A fresh token to read what the caller may see. */
    public String onBehalfOf(Caller caller) {
        return mint(ON_BEHALF_OF_OTHERS, caller);
    }

    private String mint(String issuer, Caller caller) {
        Instant now = Instant.now();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .subject(caller.name())
                .audience(ServiceToken.AUDIENCE)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)))
                .claim("scope", Scope.MODELS_READ.value() + (caller.admin() ? " " + Scope.ADMIN.value() : ""))
                .claim(ServiceToken.PROJECT, caller.project())
                .build();
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        try {
            token.sign(new MACSigner(secret));
        } catch (JOSEException e) {
            throw new IllegalStateException("a token cannot be signed with orrery.identity.secret", e);
        }
        return token.serialize();
    }
}
