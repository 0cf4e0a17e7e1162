package io.orrery.registry.lfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.api.identity.Scope;
import io.orrery.registry.Tokens;
import io.orrery.registry.access.IdentityProperties;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.wire.HubProblem;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class UploadTokensTest {
    private static final IdentityProperties IDENTITY = new IdentityProperties(Tokens.SECRET);
    private static final Sha256 CONTENT = Sha256.of(new byte[] {1});
    private static final UploadTokens.Grant GRANT = new UploadTokens.Grant(7, CONTENT, 1, "alice", Optional.empty());

    private final UploadTokens tokens = new UploadTokens(IDENTITY, Clock.systemUTC());

    @Test
    void whatWasSignedIsGranted() {
        assertThat(tokens.verify(tokens.sign(GRANT), CONTENT.hex())).isEqualTo(GRANT);
        UploadTokens.Grant parts = new UploadTokens.Grant(
                7, CONTENT, 1L << 40, "alice", Optional.of(new UploadTokens.Parts(UUID.randomUUID(), 1L << 33)));
        assertThat(tokens.verify(tokens.sign(parts), CONTENT.hex())).isEqualTo(parts);
    }

    @Test
    void itIsGoodForNoOtherContent() {
        assertRefused(tokens.sign(GRANT), Sha256.of(new byte[] {2}).hex());
    }

    @Test
    void aTokenOfACallerIsNoUploadToken() {
        assertRefused(Tokens.of("alice", "lab", Scope.values()), CONTENT.hex());
    }

    @Test
    void itExpires() {
        Clock yesterday = Clock.offset(Clock.systemUTC(), Duration.ofHours(-25));
        assertRefused(new UploadTokens(IDENTITY, yesterday).sign(GRANT), CONTENT.hex());
    }

    @Test
    void anotherSecretSignsNothing() {
        UploadTokens others = new UploadTokens(new IdentityProperties("x".repeat(40)), Clock.systemUTC());
        assertRefused(others.sign(GRANT), CONTENT.hex());
        assertRefused("nonsense", CONTENT.hex());
    }

    private void assertRefused(String token, String oid) {
        assertThatThrownBy(() -> tokens.verify(token, oid))
                .isInstanceOfSatisfying(
                        HubProblem.class, e -> assertThat(e.status()).isEqualTo(403));
    }
}
