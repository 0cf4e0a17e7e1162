package io.orrery.registry;

import io.orrery.registry.blob.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Writes a cache as {@code huggingface_hub} does. */
record HubCacheFolder(Path root) {
    static HubCacheFolder in(Path parent) throws IOException {
        return new HubCacheFolder(Files.createTempDirectory(parent, "cache"));
    }

    Path repo(String name) {
        return root.resolve("models--" + name.replace("/", "--"));
    }

    /** A file whose content is kept outside git; its blob. */
    Path large(String repo, String commit, String path, byte[] content) throws IOException {
        return file(repo, commit, path, Sha256.of(content).hex(), content);
    }

    Path small(String repo, String commit, String path, String text) throws IOException {
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        return file(repo, commit, path, gitHash(content), content);
    }

    Path file(String repo, String commit, String path, String hash, byte[] content) throws IOException {
        Path blob = Files.createDirectories(repo(repo).resolve("blobs")).resolve(hash);
        Files.write(blob, content);
        link(repo, commit, path, blob);
        return blob;
    }

    Path link(String repo, String commit, String path, Path target) throws IOException {
        Path link = repo(repo).resolve("snapshots").resolve(commit).resolve(path);
        Files.createDirectories(link.getParent());
        return Files.createSymbolicLink(link, link.getParent().relativize(target));
    }

    void ref(String repo, String revision, String commit) throws IOException {
        Path ref = repo(repo).resolve("refs").resolve(revision);
        Files.createDirectories(ref.getParent());
        Files.writeString(ref, commit);
    }

    static String gitHash(byte[] content) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(digest.digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
