package io.orrery.gateway.proxy;

import java.nio.charset.StandardCharsets;

/**
 * Paths and queries as clients sent them, in the spelling that {@link java.net.URI} accepts. What is legal stays as it is, encoded
 * slashes included; browsers' and Node's raw brackets and the like are percent-encoded, which means the same.
 */
final class RawAddress {
    private static final String PATH = "-_.!~*'();:@&=+$,/";
    private static final String QUERY = PATH + "?";

    private RawAddress() {}

    static String path(String raw) {
        return legal(raw, PATH);
    }

    static String query(String raw) {
        return legal(raw, QUERY);
    }

    private static String legal(String raw, String marks) {
        StringBuilder out = new StringBuilder(raw.length());
        byte[] bytes = raw.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            int c = bytes[i] & 0xff;
            if (isLetterOrDigit(c) || marks.indexOf(c) >= 0 || (c == '%' && isEscape(bytes, i))) {
                out.append((char) c);
            } else {
                out.append('%').append(hex(c >> 4)).append(hex(c & 15));
            }
        }
        return out.toString();
    }

    private static boolean isLetterOrDigit(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static boolean isEscape(byte[] bytes, int percent) {
        return percent + 2 < bytes.length
                && Character.digit(bytes[percent + 1], 16) >= 0
                && Character.digit(bytes[percent + 2], 16) >= 0;
    }

    private static char hex(int digit) {
        return Character.toUpperCase(Character.forDigit(digit, 16));
    }
}
