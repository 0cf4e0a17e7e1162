package io.orrery.registry;

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
public final class Tokens {
    public static final String SECRET = "a secret of the tests, 32 bytes or more of it";

    private Tokens() {}

    public static String of(String caller, String project, Scope... scopes) {
        return sign(claims(caller, project, scopes).build());
    }

    /** Of a key that people call something else than its id. */
    static String named(String caller, String name, Scope... scopes) {
        return sign(claims(caller, "lab", scopes).claim(ServiceToken.NAME, name).build());
    }

    public static String expired(String caller) {
        return sign(claims(caller, "lab", Scope.values())
                .expirationTime(Date.from(Instant.now().minusSeconds(3600)))
                .build());
    }

    public static String forAnotherAudience(String caller) {
        return sign(claims(caller, "lab", Scope.values()).audience("elsewhere").build());
    }

    public static String ofService(String service) {
        return sign(claims(service, "", Scope.MODELS_READ).issuer(service).build());
    }

    private static JWTClaimsSet.Builder claims(String caller, String project, Scope... scopes) {
        return new JWTClaimsSet.Builder()
                .issuer("gateway")
                .audience(ServiceToken.AUDIENCE)
                .subject(caller)
                .claim(ServiceToken.PROJECT, project)
                .claim("scope", Arrays.stream(scopes).map(Scope::value).collect(Collectors.joining(" ")))
                .expirationTime(Date.from(Instant.now().plusSeconds(300)));
    }

    private static String sign(JWTClaimsSet claims) {
        try {
            SignedJWT jwt = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
            jwt.sign(new MACSigner(SECRET.getBytes(StandardCharsets.UTF_8)));
            return jwt.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
