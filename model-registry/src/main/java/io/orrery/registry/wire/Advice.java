package io.orrery.registry.wire;

/**
 * A word to the person behind a client, which Python's shows once per topic.
 *
 * @param topic one word
 * @param message a sentence or two
 */
record Advice(String topic, String message) {
    private static final int MAX_HEADER = 1000;

    /** The value of {@code X-HF-Warning}. */
    String header() {
        String text = HeaderText.of(topic + "; " + message);
        return text.length() <= MAX_HEADER ? text : text.substring(0, MAX_HEADER) + "...";
    }
}
