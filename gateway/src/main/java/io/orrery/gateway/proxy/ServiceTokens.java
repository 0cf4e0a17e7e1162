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
import java.util.Set;
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
        return sign(claims(key.id(), key.scopes())
                .claim(ServiceToken.PROJECT, key.project())
                .claim(ServiceToken.NAME, key.name())
                .build());
    }

    /** A fresh token for a caller of whom nothing is known. */
    String mintAnonymous(Scope scope) {
        return sign(claims(ServiceToken.ANONYMOUS, Set.of(scope)).build());
    }

    private JWTClaimsSet.Builder claims(String subject, Set<Scope> scopes) {
        Instant now = clock.instant();
        return new JWTClaimsSet.Builder()
                .issuer(ISSUER)
                .subject(subject)
                .audience(ServiceToken.AUDIENCE)
                .issueTime(Date.from(now))
                .expirationTime(Date.from(now.plus(LIFETIME)))
                .claim("scope", scopes.stream().map(Scope::value).sorted().collect(Collectors.joining(" ")));
    }

    private String sign(JWTClaimsSet claims) {
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        try {
            token.sign(new MACSigner(secret));
        } catch (JOSEException e) {
            throw new IllegalStateException("a token cannot be signed with orrery.identity.secret", e);
        }
        return token.serialize();
    }
}
