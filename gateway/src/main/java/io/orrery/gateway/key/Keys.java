package io.orrery.gateway.key;

import io.orrery.api.identity.Scope;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.stereotype.Service;

/** Issues, checks and revokes keys. Each check asks the database, so a revoked key stops working at once on every gateway. Thread-safe. */
@Service
public class Keys implements SmartInitializingSingleton {
    private static final Logger LOG = LoggerFactory.getLogger(Keys.class);
    private static final int LONGEST_NAME = 200;

    private final KeyTable table;
    private final KeyProperties properties;
    private final SecureRandom random = new SecureRandom();
    private final Clock clock = Clock.systemUTC();

    Keys(KeyTable table, KeyProperties properties) {
        this.table = table;
        this.properties = properties;
    }

    /** Puts the bootstrap key into the database, before requests are accepted. */
    @Override
    public void afterSingletonsInstantiated() {
        properties.bootstrapSecret().ifPresent(secret -> {
            StoredKey key = key(
                    secret,
                    new KeyRequest("bootstrap", Optional.empty(), EnumSet.allOf(Scope.class), Optional.empty()));
            if (table.insert(key, secret.hash())) {
                LOG.info("the bootstrap key {}... is now key {}", key.prefix(), key.id());
            }
        });
    }

    /** @throws InvalidKeyRequestException where the request makes no sense */
    public IssuedKey issue(KeyRequest request) {
        check(request);
        KeySecret secret = KeySecret.random(random);
        StoredKey key = key(secret, request);
        if (!table.insert(key, secret.hash())) {
            throw new IllegalStateException("two random keys are equal: the random source is broken");
        }
        LOG.info("key {} ({}...) made for project {}", key.id(), key.prefix(), key.project());
        return new IssuedKey(key, secret.reveal());
    }

    /** What a text that came as a key is. */
    public KeyCheck check(KeySecret secret) {
        if (!secret.hasKeyShape()) {
            return new KeyCheck.Unknown();
        }
        return table.byHash(secret.hash()).map(this::state).orElseGet(KeyCheck.Unknown::new);
    }

    public Optional<StoredKey> find(String id) {
        return table.byId(id);
    }

    /** The newest keys, or those made before the one given. */
    public List<StoredKey> list(Optional<StoredKey> after, int limit) {
        return after.map(key -> table.olderThan(key, limit)).orElseGet(() -> table.newest(limit));
    }

    public void revoke(StoredKey key) {
        table.revoke(key.id(), now());
        LOG.info("key {} ({}...) revoked", key.id(), key.prefix());
    }

    private KeyCheck state(StoredKey key) {
        if (key.isRevoked()) {
            return new KeyCheck.Revoked(key.revokedAt().orElseThrow());
        }
        if (key.hasExpired(clock.instant())) {
            return new KeyCheck.Expired(key.expiresAt().orElseThrow());
        }
        return new KeyCheck.Good(key);
    }

    private StoredKey key(KeySecret secret, KeyRequest request) {
        byte[] id = new byte[12];
        random.nextBytes(id);
        return new StoredKey(
                "key_" + HexFormat.of().formatHex(id),
                secret.prefix(),
                request.name(),
                request.project().orElse(properties.defaultProject()),
                request.scopes(),
                now(),
                request.expiresAt(),
                Optional.empty());
    }

    private void check(KeyRequest request) {
        if (request.name().isBlank() || request.name().length() > LONGEST_NAME) {
            throw new InvalidKeyRequestException(
                    "name has " + request.name().length() + " characters; give the key a name of 1 to " + LONGEST_NAME);
        }
        request.project().filter(project -> !KeyProperties.isProject(project)).ifPresent(project -> {
            throw new InvalidKeyRequestException("project is \"" + project
                    + "\"; it must be 1 to 96 letters, digits, '-', '_' or '.', since repositories are named after it");
        });
        if (request.scopes().isEmpty()) {
            throw new InvalidKeyRequestException("scopes is empty; name at least one, or leave the field out");
        }
        request.expiresAt().filter(end -> !end.isAfter(clock.instant())).ifPresent(end -> {
            throw new InvalidKeyRequestException("expires_at is " + end.getEpochSecond() + " (" + end
                    + "), which is past; give Unix seconds in the future, or leave it out");
        });
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
