package io.orrery.inference;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.orrery.api.identity.Scope;
import io.orrery.api.identity.ServiceToken;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.stream.Collectors;

/** Tokens as the gateway would send them. */
final class Tokens {
    static final String SECRET = "a secret of the tests, 32 bytes or more of it";

    private Tokens() {}

    static String of(String project, Scope... scopes) {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .issuer("gateway")
                .audience(ServiceToken.AUDIENCE)
                .subject("somebody of " + project)
                .claim(ServiceToken.PROJECT, project)
                .claim("scope", Arrays.stream(scopes).map(Scope::value).collect(Collectors.joining(" ")))
                .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                .build();
        try {
            SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
            jwt.sign(new MACSigner(SECRET.getBytes(StandardCharsets.UTF_8)));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
