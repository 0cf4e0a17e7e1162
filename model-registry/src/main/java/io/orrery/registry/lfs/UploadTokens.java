package io.orrery.registry.lfs;

import io.orrery.registry.access.IdentityProperties;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.wire.HubProblem;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.stereotype.Component;

/** The authority in the addresses that contents are put to. */
@Component
class UploadTokens {
    static final Duration VALIDITY = SignedClaims.VALIDITY;
    private static final String REPO = "repo";
    private static final String OID = "oid";
    private static final String SIZE = "size";
    private static final String UPLOAD = "upload";
    private static final String PART_SIZE = "part_size";

    /** What may be put: one content, of one size, into one repository, by one caller; whole, or in parts. */
    record Grant(long repoId, Sha256 sha256, long size, String caller, Optional<Parts> parts) {}

    /** An upload in parts, of which all but the last have the same size. */
    record Parts(UUID upload, long partSize) {}

    private final SignedClaims claims;

    UploadTokens(IdentityProperties identity, Clock clock) {
        this.claims = new SignedClaims("orrery-upload", identity, clock);
    }

    String sign(Grant grant) {
        Map<String, Object> granted = new HashMap<>();
        granted.put(REPO, grant.repoId());
        granted.put(OID, grant.sha256().hex());
        granted.put(SIZE, grant.size());
        grant.parts().ifPresent(parts -> {
            granted.put(UPLOAD, parts.upload().toString());
            granted.put(PART_SIZE, parts.partSize());
        });
        return claims.sign(grant.caller(), granted);
    }

    /** What a token grants for the content that the address names; throws where it grants nothing. */
    Grant verify(String token, String oid) {
        try {
            Jwt jwt = claims.verify(token);
            if (!oid.equals(jwt.getClaimAsString(OID))) {
                throw HubProblem.forbidden("Forbidden: this address was signed for another content");
            }
            String caller = Objects.requireNonNull(jwt.getSubject(), "a token of ours names its caller");
            Optional<Parts> parts = Optional.ofNullable(jwt.getClaimAsString(UPLOAD))
                    .map(upload -> new Parts(UUID.fromString(upload), number(jwt, PART_SIZE)));
            return new Grant(number(jwt, REPO), new Sha256(oid), number(jwt, SIZE), caller, parts);
        } catch (JwtException e) {
            throw HubProblem.forbidden("Forbidden: this upload address is invalid or has expired; ask for a new one");
        }
    }

    private static long number(Jwt jwt, String claim) {
        return Objects.requireNonNull(jwt.<Number>getClaim(claim), "a token of ours names its " + claim)
                .longValue();
    }
}
