package io.orrery.registry.blob;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** The name of a content: 64 lower-case hex digits. */
public record Sha256(String hex) {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");

    public Sha256 {
        if (!isHex(hex)) {
            throw new IllegalArgumentException("a sha256 has 64 lower-case hex digits, but '" + hex + "' has not");
        }
    }

    public static boolean isHex(String text) {
        return HEX.matcher(text).matches();
    }

    public static Sha256 of(byte[] content) {
        return new Sha256(HexFormat.of().formatHex(digest().digest(content)));
    }

    /** The names of contents, as statements about several take them. */
    public static String[] hex(Collection<Sha256> contents) {
        return contents.stream().map(Sha256::hex).toArray(String[]::new);
    }

    /** Where a store keeps the content: two levels of folders, since many a file system is slow with millions of names in one. */
    String place() {
        return "sha256/" + hex.substring(0, 2) + "/" + hex.substring(2, 4) + "/" + hex;
    }

    public static Sha256 ofDigest(MessageDigest digest) {
        return new Sha256(HexFormat.of().formatHex(digest.digest()));
    }

    public static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks SHA-256, which every Java must have", e);
        }
    }
}
