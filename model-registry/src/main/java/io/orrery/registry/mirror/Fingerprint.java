package io.orrery.registry.mirror;

import io.orrery.registry.blob.Sha256;
import io.orrery.registry.repository.GitBlob;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Hashes a content while it comes: by sha256, and as git does where that is the hash that it is known by. Confined to one thread. */
final class Fingerprint {
    private final GitBlob expected;
    private final MessageDigest sha256 = digest("SHA-256");
    private final MessageDigest git = digest("SHA-1");

    Fingerprint(GitBlob expected) {
        this.expected = expected;
        git.update(("blob " + expected.size() + "\0").getBytes(StandardCharsets.US_ASCII));
    }

    void update(byte[] bytes, int count) {
        sha256.update(bytes, 0, count);
        if (!expected.lfs()) {
            git.update(bytes, 0, count);
        }
    }

    /** What the whole is; throws where it is something else than was expected. */
    Sha256 verified() throws DamagedException {
        Sha256 found = new Sha256(HexFormat.of().formatHex(sha256.digest()));
        String id = expected.lfs() ? found.hex() : HexFormat.of().formatHex(git.digest());
        if (!id.equals(expected.contentId())) {
            throw new DamagedException("it has the hash " + id + " in place of " + expected.contentId());
        }
        return found;
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks " + algorithm + ", which every Java must have", e);
        }
    }
}
