package io.orrery.registry.repository;

import io.orrery.registry.blob.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file's content as git knows it: the bytes, or, where they are kept outside git, a pointer to them.
 *
 * @param oid git's hash of the bytes or the pointer
 * @param sha256 of the content; empty only for a file of another hub that has not come yet
 * @param size bytes of the content, never of the pointer
 */
public record GitBlob(String oid, Optional<Sha256> sha256, long size, boolean lfs) {
    /** https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md, "The Pointer"; a longer file is none. */
    private static final int MAX_POINTER = 1024;

    private static final Pattern POINTER = Pattern.compile(
            "version https://git-lfs\\.github\\.com/spec/v1\noid sha256:([0-9a-f]{64})\nsize (\\d{1,18})\n");

    static GitBlob regular(byte[] content) {
        return regular(content, Sha256.of(content));
    }

    /** A file that comes inside a commit, whose sha256 is known. */
    public static GitBlob regular(byte[] content, Sha256 sha256) {
        return new GitBlob(GitObjects.blobOid(content), Optional.of(sha256), content.length, false);
    }

    public static GitBlob lfs(Sha256 sha256, long size) {
        return new GitBlob(GitObjects.blobOid(pointer(sha256, size)), Optional.of(sha256), size, true);
    }

    /** The content that a pointer's text points to, where a file is one. */
    public static Optional<GitBlob> parsePointer(byte[] content) {
        if (content.length > MAX_POINTER) {
            return Optional.empty();
        }
        Matcher pointer = POINTER.matcher(new String(content, StandardCharsets.ISO_8859_1));
        return pointer.matches()
                ? Optional.of(lfs(new Sha256(pointer.group(1)), Long.parseLong(pointer.group(2))))
                : Optional.empty();
    }

    public byte[] pointer() {
        return pointer(sha256.orElseThrow(), size);
    }

    /** What changes exactly when the content does: the sha256 outside git, git's hash inside. */
    public String contentId() {
        return lfs ? sha256.orElseThrow().hex() : oid;
    }

    private static byte[] pointer(Sha256 sha256, long size) {
        return ("version https://git-lfs.github.com/spec/v1\noid sha256:" + sha256.hex() + "\nsize " + size + "\n")
                .getBytes(StandardCharsets.US_ASCII);
    }
}
