package io.orrery.finetune.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.orrery.api.identity.Scope;
import io.orrery.api.identity.ServiceToken;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import org.springframework.stereotype.Component;

/**
 * Mints the tokens by which the registry knows this service. They name whose job it works on, and are issued as the gateway issues
 * them, so that a job reads and writes what its owner may and nothing more. Thread-safe.
 */
@Component
public class ServiceTokens {
    /** The registry lets every other issuer see all repositories; a job must not. */
    private static final String ON_BEHALF_OF_OTHERS = "gateway";

    private static final Duration LIFETIME = Duration.ofMinutes(5);

    private final byte[] secret;

    ServiceTokens(IdentityProperties identity) {
        this.secret = identity.bytes();
    }

    /** A fresh token to read and write models as the owner of a job. */
    public String mint(Caller owner) {
        Instant now = Instant.now();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(ON_BEHALF_OF_OTHERS)
                .subject(owner.name())
                .audience(ServiceToken.AUDIENCE)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)))
                .claim("scope", Scope.MODELS_READ.value() + " " + Scope.MODELS_WRITE.value())
                .claim(ServiceToken.PROJECT, owner.project())
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
