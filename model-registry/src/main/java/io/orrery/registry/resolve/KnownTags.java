package io.orrery.registry.resolve;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Entity tags that a caller has contents of: {@code If-None-Match} (RFC 9110, section 13.1.2), compared weakly. */
final class KnownTags {
    private static final Pattern TAG = Pattern.compile("(?:W/)?(\"[\\x21\\x23-\\x7e\\x80-\\xff]*\")");

    private KnownTags() {}

    /** @param etag in its quotes */
    static boolean include(String header, String etag) {
        if (header.strip().equals("*")) {
            return true;
        }
        Matcher tags = TAG.matcher(header);
        while (tags.find()) {
            if (tags.group(1).equals(etag)) {
                return true;
            }
        }
        return false;
    }
}
