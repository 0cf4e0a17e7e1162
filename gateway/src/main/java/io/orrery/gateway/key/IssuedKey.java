package io.orrery.gateway.key;

/** A key at the one moment when its secret is known. */
public record IssuedKey(StoredKey key, String secret) {
    @Override
    public String toString() {
        return "IssuedKey[" + key.id() + "]";
    }
}
