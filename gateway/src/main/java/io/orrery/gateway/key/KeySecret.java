package io.orrery.gateway.key;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.regex.Pattern;

/**
 * The text of a key: {@code hf_} and 34 letters or digits, the shape that Hub clients insist on. It has about 200 random bits, so a
 * plain SHA-256 of it cannot be reversed by guessing and needs no salt.
 */
public final class KeySecret {
    private static final Pattern SHAPE = Pattern.compile("hf_[A-Za-z0-9]{32,128}");
    private static final String ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final int RANDOM_LENGTH = 34;
    private static final int PREFIX_LENGTH = 8;

    private final String text;

    private KeySecret(String text) {
        this.text = text;
    }

    /** A new one. */
    static KeySecret random(SecureRandom random) {
        StringBuilder text = new StringBuilder("hf_");
        for (int i = 0; i < RANDOM_LENGTH; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return new KeySecret(text.toString());
    }

    /** What a client sent, whatever it is. */
    public static KeySecret of(String text) {
        return new KeySecret(text);
    }

    boolean hasKeyShape() {
        return SHAPE.matcher(text).matches();
    }

    /** The first characters, which may be shown; of a text too short to be a key, nothing. */
    public String prefix() {
        return hasKeyShape() ? text.substring(0, PREFIX_LENGTH) : "";
    }

    String reveal() {
        return text;
    }

    byte[] hash() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "KeySecret[" + prefix() + "...]";
    }
}
