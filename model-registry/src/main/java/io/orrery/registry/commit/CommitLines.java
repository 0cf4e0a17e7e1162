package io.orrery.registry.commit;

import io.orrery.api.hub.CommitLine;
import io.orrery.registry.wire.HubProblem;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Reads a commit's body line by line; one line is in memory at a time. Confined to one thread. */
final class CommitLines {
    /** A line holds a file in base64, and files above 10 MB do not come inside a commit. */
    private static final int MAX_LINE = 64 << 20;

    private final BufferedInputStream in;
    private final JsonMapper json;
    private final long maxBytes;
    private int line;
    private long bytes;

    CommitLines(InputStream in, JsonMapper json, long maxBytes) {
        this.in = new BufferedInputStream(in, 1 << 16);
        this.json = json;
        this.maxBytes = maxBytes;
    }

    /** Number of the line that was read last. */
    int number() {
        return line;
    }

    /** The next line that is not blank. */
    Optional<CommitLine> next() throws IOException {
        for (Optional<byte[]> text = read(); text.isPresent(); text = read()) {
            if (!isBlank(text.get())) {
                return Optional.of(parsed(text.get()));
            }
        }
        return Optional.empty();
    }

    private CommitLine parsed(byte[] text) {
        try {
            CommitLine parsed = json.readValue(text, CommitLine.class);
            if (parsed == null || isIncomplete(parsed)) {
                throw refused("it must be an object with 'key' and 'value'");
            }
            return parsed;
        } catch (JacksonException e) {
            throw refused("it is not the JSON of a commit: " + e.getOriginalMessage());
        }
    }

    @SuppressWarnings("NullAway") // foreign JSON may leave out what is declared
    private static boolean isIncomplete(CommitLine line) {
        return line.key() == null || line.value() == null;
    }

    HubProblem refused(String why) {
        return HubProblem.badRequest("Line " + line + " of the commit is refused: " + why);
    }

    private Optional<byte[]> read() throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream(1 << 10);
        int b = in.read();
        if (b < 0) {
            return Optional.empty();
        }
        line++;
        while (b >= 0 && b != '\n') {
            text.write(b);
            if (text.size() > MAX_LINE || ++bytes > maxBytes) {
                throw HubProblem.of(
                        413,
                        "Line " + line + " makes the commit too large: a line may have " + MAX_LINE
                                + " bytes, all of them " + maxBytes + "; upload large files by LFS");
            }
            b = in.read();
        }
        return Optional.of(text.toByteArray());
    }

    private static boolean isBlank(byte[] text) {
        for (byte b : text) {
            if (b > ' ' || b < 0) {
                return false;
            }
        }
        return true;
    }
}
