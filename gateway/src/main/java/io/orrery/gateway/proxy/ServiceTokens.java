package io.orrery.gateway.proxy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.orrery.api.identity.Scope;
import io.orrery.api.identity.ServiceToken;
import io.orrery.gateway.key.StoredKey;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Mints the tokens by which the services know a caller. Thread-safe. */
@Component
class ServiceTokens {
    private static final String ISSUER = "gateway";
    private static final Duration LIFETIME = Duration.ofMinutes(5);

    private final byte[] secret;
    private final Clock clock = Clock.systemUTC();

    ServiceTokens(UpstreamProperties.Identity identity) {
        this.secret = identity.secret().getBytes(StandardCharsets.UTF_8);
    }

    /** A fresh token with what a key may do. */
    String mint(StoredKey key) {
        Instant now = clock.instant();
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .subject(key.id())
                .audience(ServiceToken.AUDIENCE)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)))
                .claim("scope", key.scopes().stream().map(Scope::value).sorted().collect(Collectors.joining(" ")))
                .claim(ServiceToken.PROJECT, key.project())
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
