package io.orrery.registry.xet;

import com.nimbusds.jose.jwk.source.ImmutableSecret;
import io.orrery.registry.access.IdentityProperties;
import io.orrery.registry.resolve.ByteRange;
import io.orrery.registry.wire.HubProblem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.stereotype.Component;

/** The authority of whoever speaks Xet, and that in the addresses of xorbs. Their audiences are their own, so that they are good for nothing else. */
@Component
class XetTokens {
    static final Duration VALIDITY = Duration.ofHours(1);

    private static final String CAS = "orrery-xet";
    private static final String XORB = "orrery-xorb";

    private final NimbusJwtEncoder encoder;
    private final NimbusJwtDecoder cas;
    private final NimbusJwtDecoder xorb;
    private final Clock clock;

    XetTokens(IdentityProperties identity, Clock clock) {
        this.encoder = new NimbusJwtEncoder(new ImmutableSecret<>(identity.key()));
        this.cas = decoder(identity, CAS);
        this.xorb = decoder(identity, XORB);
        this.clock = clock;
    }

    private static NimbusJwtDecoder decoder(IdentityProperties identity, String audience) {
        NimbusJwtDecoder decoder = NimbusJwtDecoder.withSecretKey(identity.key())
                .macAlgorithm(MacAlgorithm.HS256)
                .build();
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                new JwtTimestampValidator(),
                new JwtClaimValidator<List<String>>("aud", given -> given != null && given.contains(audience))));
        return decoder;
    }

    /** When a token made now expires. */
    Instant expiry() {
        return clock.instant().plus(VALIDITY);
    }

    String sign(XetGrant grant, Instant expiry) {
        JwtClaimsSet.Builder claims = JwtClaimsSet.builder()
                .audience(List.of(CAS))
                .subject(grant.caller())
                .expiresAt(expiry)
                .claim("repo", grant.repoId())
                .claim("all", grant.seesEverything())
                .claim("write", grant.mayWrite());
        grant.project().ifPresent(project -> claims.claim("project", project));
        return signed(claims.build());
    }

    /** @throws HubProblem 401 where the token is none of ours, or has expired */
    XetGrant verify(Optional<String> authorization) {
        try {
            Jwt jwt = cas.decode(authorization.orElse("").replaceFirst("(?i)^Bearer ", ""));
            Number repo = Objects.requireNonNull(jwt.<Number>getClaim("repo"), "a token of ours names its repository");
            return new XetGrant(
                    repo.longValue(),
                    Objects.requireNonNull(jwt.getSubject(), "a token of ours names its caller"),
                    Optional.ofNullable(jwt.getClaimAsString("project")),
                    Boolean.TRUE.equals(jwt.getClaimAsBoolean("all")),
                    Boolean.TRUE.equals(jwt.getClaimAsBoolean("write")));
        } catch (JwtException e) {
            throw HubProblem.of(401, "The Xet token is invalid or has expired; ask for a new one");
        }
    }

    /** For bytes {@code first} to {@code last} of a xorb: what stands beside them may belong to contents that the caller does not see. */
    String signXorb(XetHash hash, long first, long last) {
        return signed(JwtClaimsSet.builder()
                .audience(List.of(XORB))
                .subject(hash.hex())
                .claim("first", first)
                .claim("last", last)
                .expiresAt(expiry())
                .build());
    }

    /** @throws HubProblem 403 where the address of a xorb has expired, or was signed for others of its bytes */
    void verifyXorb(XetHash hash, ByteRange.Part asked, String token) {
        boolean isGranted;
        try {
            Jwt jwt = xorb.decode(token);
            Number first =
                    Objects.requireNonNull(jwt.<Number>getClaim("first"), "a token of ours names its first byte");
            Number last = Objects.requireNonNull(jwt.<Number>getClaim("last"), "a token of ours names its last byte");
            isGranted = hash.hex().equals(jwt.getSubject())
                    && asked.start() >= first.longValue()
                    && asked.start() + asked.length() - 1 <= last.longValue();
        } catch (JwtException e) {
            throw HubProblem.forbidden("Forbidden: this address has expired; ask for the reconstruction again");
        }
        if (!isGranted) {
            throw HubProblem.forbidden("Forbidden: this address was signed for other bytes");
        }
    }

    private String signed(JwtClaimsSet claims) {
        return encoder.encode(JwtEncoderParameters.from(
                        JwsHeader.with(MacAlgorithm.HS256).build(), claims))
                .getTokenValue();
    }
}
