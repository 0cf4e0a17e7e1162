package io.orrery.registry.lfs;

import com.nimbusds.jose.jwk.source.ImmutableSecret;
import io.orrery.registry.access.IdentityProperties;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;

/** Signs what an address grants. The audience is its own for each purpose, so that a token is good for nothing else. */
final class SignedClaims {
    static final Duration VALIDITY = Duration.ofHours(24);

    private final String audience;
    private final NimbusJwtEncoder encoder;
    private final NimbusJwtDecoder decoder;
    private final Clock clock;

    SignedClaims(String audience, IdentityProperties identity, Clock clock) {
        this.audience = audience;
        this.encoder = new NimbusJwtEncoder(new ImmutableSecret<>(identity.key()));
        this.decoder = NimbusJwtDecoder.withSecretKey(identity.key())
                .macAlgorithm(MacAlgorithm.HS256)
                .build();
        this.clock = clock;
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                new JwtTimestampValidator(),
                new JwtClaimValidator<List<String>>("aud", named -> named != null && named.contains(audience))));
    }

    String sign(String caller, Map<String, Object> claims) {
        Instant now = clock.instant();
        JwtClaimsSet all = JwtClaimsSet.builder()
                .audience(List.of(audience))
                .subject(caller)
                .expiresAt(now.plus(VALIDITY))
                .claims(others -> others.putAll(claims))
                .build();
        return encoder.encode(JwtEncoderParameters.from(
                        JwsHeader.with(MacAlgorithm.HS256).build(), all))
                .getTokenValue();
    }

    /** @throws org.springframework.security.oauth2.jwt.JwtException where a token was not signed for this, or has expired */
    Jwt verify(String token) {
        return decoder.decode(token);
    }
}
