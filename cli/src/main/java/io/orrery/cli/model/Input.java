package io.orrery.cli.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** What a command is given to work on. */
final class Input {
    private static final int MAX_BYTES = 64 << 20;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Input() {}

    /** Standard input to its end. */
    static String standard() throws IOException {
        byte[] bytes = System.in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("standard input is longer than " + MAX_BYTES + " bytes");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** @param name of the value, for the message where it is wrong */
    static <T> T json(String name, String text, Class<T> type) {
        try {
            return JSON.readValue(text, type);
        } catch (JacksonException e) {
            String place = e.getLocation() == null
                    ? ""
                    : " at line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr();
            throw new IllegalArgumentException(
                    "the " + name + " are not JSON of the right shape" + place + ": " + e.getOriginalMessage(), e);
        }
    }

    static JsonMapper mapper() {
        return JSON;
    }
}
