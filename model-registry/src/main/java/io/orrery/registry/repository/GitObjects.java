package io.orrery.registry.repository;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;

/** Names of git's objects: sha1 over kind, length, a zero byte and the object (git, Documentation/gitformat-loose). */
final class GitObjects {
    private GitObjects() {}

    static String blobOid(byte[] content) {
        return oid("blob", content);
    }

    static String treeOid(byte[] content) {
        return oid("tree", content);
    }

    static String commitOid(String treeOid, Optional<String> parent, String author, Instant at, String message) {
        String person = author.replaceAll("[<>\\p{Cntrl}]", "_");
        String signature = person + " <" + person.replace(' ', '.') + "@orrery> " + at.getEpochSecond() + " +0000";
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes(("tree " + treeOid + "\n").getBytes(StandardCharsets.UTF_8));
        parent.ifPresent(oid -> content.writeBytes(("parent " + oid + "\n").getBytes(StandardCharsets.UTF_8)));
        content.writeBytes(("author " + signature + "\ncommitter " + signature + "\n\n" + message + "\n")
                .getBytes(StandardCharsets.UTF_8));
        return oid("commit", content.toByteArray());
    }

    private static String oid(String kind, byte[] content) {
        MessageDigest digest = sha1();
        digest.update((kind + " " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
        return HexFormat.of().formatHex(digest.digest(content));
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java lacks SHA-1, which every Java must have", e);
        }
    }
}
