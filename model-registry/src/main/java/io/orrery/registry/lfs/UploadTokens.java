package io.orrery.registry.lfs;

import com.nimbusds.jose.jwk.source.ImmutableSecret;
import io.orrery.registry.access.IdentityProperties;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.wire.HubProblem;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
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

/** The authority in the addresses that contents are put to. Its audience is its own, so that it is good for nothing else. */
@Component
class UploadTokens {
    static final Duration VALIDITY = Duration.ofHours(24);
    private static final String AUDIENCE = "orrery-upload";
    private static final String REPO = "repo";
    private static final String OID = "oid";
    private static final String SIZE = "size";

    /** What may be put: one content, of one size, into one repository, by one caller. */
    record Grant(long repoId, Sha256 sha256, long size, String caller) {}

    private final NimbusJwtEncoder encoder;
    private final NimbusJwtDecoder decoder;
    private final Clock clock;

    UploadTokens(IdentityProperties identity, Clock clock) {
        this.encoder = new NimbusJwtEncoder(new ImmutableSecret<>(identity.key()));
        this.decoder = NimbusJwtDecoder.withSecretKey(identity.key())
                .macAlgorithm(MacAlgorithm.HS256)
                .build();
        this.clock = clock;
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                new JwtTimestampValidator(),
                new JwtClaimValidator<List<String>>(
                        "aud", audience -> audience != null && audience.contains(AUDIENCE))));
    }

    String sign(Grant grant) {
        Instant now = clock.instant();
        JwtClaimsSet claims = JwtClaimsSet.builder()
                .audience(List.of(AUDIENCE))
                .subject(grant.caller())
                .expiresAt(now.plus(VALIDITY))
                .claim(REPO, grant.repoId())
                .claim(OID, grant.sha256().hex())
                .claim(SIZE, grant.size())
                .build();
        return encoder.encode(JwtEncoderParameters.from(
                        JwsHeader.with(MacAlgorithm.HS256).build(), claims))
                .getTokenValue();
    }

    /** What a token grants for the content that the address names; throws where it grants nothing. */
    Grant verify(String token, String oid) {
        try {
            Jwt jwt = decoder.decode(token);
            if (!oid.equals(jwt.getClaimAsString(OID))) {
                throw HubProblem.forbidden("Forbidden: this address was signed for another content");
            }
            Number repo = Objects.requireNonNull(jwt.<Number>getClaim(REPO), "a token of ours names its repository");
            Number size = Objects.requireNonNull(jwt.<Number>getClaim(SIZE), "a token of ours names its size");
            String caller = Objects.requireNonNull(jwt.getSubject(), "a token of ours names its caller");
            return new Grant(repo.longValue(), new Sha256(oid), size.longValue(), caller);
        } catch (JwtException e) {
            throw HubProblem.forbidden("Forbidden: this upload address is invalid or has expired; ask for a new one");
        }
    }
}
