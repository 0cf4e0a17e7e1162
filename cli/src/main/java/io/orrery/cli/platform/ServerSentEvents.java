package io.orrery.cli.platform;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** The data of server-sent events (WHATWG HTML, 9.2), as OpenAI sends them: up to {@code [DONE]}. */
final class ServerSentEvents {
    private static final String DONE = "[DONE]";

    private ServerSentEvents() {}

    /** @throws IOException where the stream ends without {@code [DONE]} */
    static void read(InputStream in, Consumer<String> events) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        StringBuilder data = new StringBuilder();
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("data:")) {
                data.append(data.isEmpty() ? "" : "\n").append(line.substring(5).strip());
            } else if (line.isEmpty() && !data.isEmpty()) {
                String event = data.toString();
                data.setLength(0);
                if (event.equals(DONE)) {
                    return;
                }
                events.accept(event);
            }
        }
        throw new IOException("it ended before it was whole");
    }
}
