package io.orrery.gateway.access;

import io.orrery.gateway.key.StoredKey;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;

/** A caller who showed a good key. */
final class KeyAuthentication extends AbstractAuthenticationToken {
    private static final long serialVersionUID = 1L;

    private final transient StoredKey key;

    KeyAuthentication(StoredKey key) {
        super(AuthorityUtils.createAuthorityList(
                key.scopes().stream().map(scope -> scope.authority()).toList()));
        this.key = key;
        setAuthenticated(true);
    }

    StoredKey key() {
        return key;
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public Object getPrincipal() {
        return key.id();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KeyAuthentication that && super.equals(other) && key.equals(that.key);
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), key);
    }
}
