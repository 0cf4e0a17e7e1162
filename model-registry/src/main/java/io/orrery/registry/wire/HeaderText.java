package io.orrery.registry.wire;

import java.nio.charset.StandardCharsets;

/** Sentences in headers: ASCII on one line. */
final class HeaderText {
    private HeaderText() {}

    static String of(String sentence) {
        String ascii = new String(sentence.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII);
        return ascii.replaceAll("[\\p{Cntrl}]+", " ");
    }
}
