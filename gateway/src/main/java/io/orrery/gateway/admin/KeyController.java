package io.orrery.gateway.admin;

import io.orrery.api.admin.AdminKeysApi;
import io.orrery.api.admin.ApiKey;
import io.orrery.api.admin.ApiKeyList;
import io.orrery.api.admin.ApiKeyRevoked;
import io.orrery.api.admin.NewKey;
import io.orrery.api.identity.Scope;
import io.orrery.gateway.access.Callers;
import io.orrery.gateway.key.InvalidKeyRequestException;
import io.orrery.gateway.key.IssuedKey;
import io.orrery.gateway.key.KeyRequest;
import io.orrery.gateway.key.Keys;
import io.orrery.gateway.key.StoredKey;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotReadableException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.exc.UnrecognizedPropertyException;

/** Manages keys over HTTP. */
@RestController
class KeyController implements AdminKeysApi {
    private static final int MOST = 1000;
    private static final String DELETED = ApiKey.OBJECT + ".deleted";

    private final Keys keys;
    private final HttpServletRequest request;

    /** @param request the current one, whichever thread asks */
    KeyController(Keys keys, HttpServletRequest request) {
        this.keys = keys;
        this.request = request;
    }

    @Override
    public ApiKey create(NewKey wanted) {
        if (wanted.name() == null) {
            throw KeyProblem.invalid("name is missing; give the key a name, such as \"alice's laptop\"");
        }
        try {
            IssuedKey issued = keys.issue(new KeyRequest(
                    wanted.name().strip(),
                    Optional.ofNullable(wanted.project()),
                    scopes(wanted.scopes()),
                    Optional.ofNullable(wanted.expiresAt()).map(Instant::ofEpochSecond)));
            return shown(issued.key(), issued.secret());
        } catch (InvalidKeyRequestException e) {
            throw KeyProblem.invalid(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public ApiKeyList list(int limit, String after) {
        if (limit < 1 || limit > MOST) {
            throw KeyProblem.invalid("limit is " + limit + ", but must be 1 to " + MOST);
        }
        Optional<StoredKey> last = after.isEmpty() ? Optional.empty() : Optional.of(existing(after));
        List<StoredKey> page = keys.list(last, limit + 1);
        List<ApiKey> data =
                page.stream().limit(limit).map(key -> shown(key, null)).toList();
        return new ApiKeyList("list", data, page.size() > limit);
    }

    @Override
    public ApiKey get(String id) {
        return shown(existing(id), null);
    }

    @Override
    public ApiKeyRevoked revoke(String id) {
        StoredKey key = existing(id);
        if (Callers.key(request).filter(own -> own.id().equals(id)).isPresent()) {
            throw KeyProblem.conflict("The key " + key.prefix()
                    + "... cannot revoke itself, or nobody might be left to make keys; use another admin key.");
        }
        keys.revoke(key);
        return new ApiKeyRevoked(DELETED, id, true);
    }

    /** Says which field of a body is wrong, where the framework only says that one is. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> unreadable(HttpMessageNotReadableException e) {
        KeyProblem problem = KeyProblem.invalid(
                switch (e.getCause()) {
                    case UnrecognizedPropertyException unknown ->
                        "The field \"" + unknown.getPropertyName() + "\" is not known; there are name, project, scopes"
                                + " and expires_at.";
                    case JacksonException wrong ->
                        "The body is not what a new key looks like: " + wrong.getOriginalMessage();
                    case null, default -> "The body is missing; send a JSON object with a name.";
                });
        return ResponseEntity.of(problem.getBody()).build();
    }

    private StoredKey existing(String id) {
        return keys.find(id).orElseThrow(() -> KeyProblem.notFound("There is no key with the id " + id + "."));
    }

    private static Set<Scope> scopes(@Nullable List<String> names) {
        if (names == null) {
            return EnumSet.complementOf(EnumSet.of(Scope.ADMIN));
        }
        return names.stream().map(KeyController::scope).collect(Collectors.toSet());
    }

    private static Scope scope(String name) {
        return Arrays.stream(Scope.values())
                .filter(scope -> scope.value().equals(name))
                .findFirst()
                .orElseThrow(() -> KeyProblem.invalid("scopes holds \"" + name + "\", which is none of "
                        + Arrays.stream(Scope.values()).map(Scope::value).collect(Collectors.joining(", "))));
    }

    private static ApiKey shown(StoredKey key, @Nullable String secret) {
        return new ApiKey(
                ApiKey.OBJECT,
                key.id(),
                secret,
                key.name(),
                key.prefix(),
                key.project(),
                key.scopes().stream().sorted().map(Scope::value).toList(),
                key.createdAt().getEpochSecond(),
                key.expiresAt().map(Instant::getEpochSecond).orElse(null),
                key.revokedAt().map(Instant::getEpochSecond).orElse(null));
    }
}
