package io.orrery.registry.lfs;

import io.orrery.registry.access.IdentityProperties;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.wire.HubProblem;
import java.time.Clock;
import java.util.Map;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.stereotype.Service;

/** The authority in the addresses that git-lfs fetches contents from: one content, for whom a repository showed it to. */
@Service
public class DownloadTokens {
    private static final String OID = "oid";

    private final SignedClaims claims;

    DownloadTokens(IdentityProperties identity, Clock clock) {
        this.claims = new SignedClaims("orrery-download", identity, clock);
    }

    String sign(Sha256 sha256, String caller) {
        return claims.sign(caller, Map.of(OID, sha256.hex()));
    }

    /** Throws where a token does not grant the content that the address names. */
    public void verify(String token, Sha256 sha256) {
        try {
            if (!sha256.hex().equals(claims.verify(token).getClaimAsString(OID))) {
                throw HubProblem.forbidden("Forbidden: this address was signed for another content");
            }
        } catch (JwtException e) {
            throw HubProblem.forbidden("Forbidden: this address is invalid or has expired; ask for a new one");
        }
    }
}
