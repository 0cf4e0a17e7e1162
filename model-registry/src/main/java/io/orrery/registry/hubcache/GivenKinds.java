package io.orrery.registry.hubcache;

import io.orrery.registry.blob.Sha256;
import io.orrery.registry.commit.GitRules;
import io.orrery.registry.hubcache.CachedRepo.CachedFile;
import io.orrery.registry.hubcache.CachedRepo.Snapshot;
import io.orrery.registry.repository.GitBlob;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * What files of a snapshot are to git. The name of a content tells: a sha256 is one outside git, git's own hash one inside. Where contents
 * have no names, a snapshot's {@code .gitattributes} and the size say which it was, and the content is hashed to know it.
 */
record GivenKinds(Optional<GitRules> rules) {
    private static final int SHA256_DIGITS = 64;
    /** The Hub takes none into git that is larger. */
    private static final long MOST_IN_GIT = 10L << 20;

    private static final int MOST_RULES = 1 << 16;

    static GivenKinds of(Snapshot snapshot) {
        return new GivenKinds(snapshot.files().stream()
                .filter(file -> file.path().equals(".gitattributes") && file.size() <= MOST_RULES)
                .findFirst()
                .flatMap(GivenKinds::rules));
    }

    private static Optional<GitRules> rules(CachedFile file) {
        try {
            return Optional.of(
                    GitRules.largeFiles(new String(Files.readAllBytes(file.content()), StandardCharsets.UTF_8)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    GitBlob blob(CachedFile file) throws IOException {
        if (file.hash().isPresent()) {
            String hash = file.hash().get();
            return hash.length() == SHA256_DIGITS
                    ? GitBlob.lfs(new Sha256(hash), file.size())
                    : new GitBlob(hash, Optional.empty(), file.size(), false);
        }
        boolean isLarge = file.size() >= MOST_IN_GIT
                || rules.filter(known -> known.isLarge(file.path())).isPresent();
        return isLarge
                ? GitBlob.lfs(new Sha256(hash(file, "SHA-256", "")), file.size())
                : new GitBlob(hash(file, "SHA-1", "blob " + file.size() + "\0"), Optional.empty(), file.size(), false);
    }

    private static String hash(CachedFile file, String algorithm, String before) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            digest.update(before.getBytes(StandardCharsets.US_ASCII));
            try (InputStream in = new DigestInputStream(Files.newInputStream(file.content()), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks " + algorithm + ", which every Java must have", e);
        }
    }
}
