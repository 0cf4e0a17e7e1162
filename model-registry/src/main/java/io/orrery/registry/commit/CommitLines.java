package io.orrery.registry.commit;

import io.orrery.api.hub.CommitLine;
import io.orrery.registry.wire.HubProblem;
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

    private final InputStream in;
    private final JsonMapper json;
    private final long maxBytes;
    private final byte[] buffer = new byte[1 << 16];
    private int at;
    private int filled;
    private int line;
    private long bytes;

    CommitLines(InputStream in, JsonMapper json, long maxBytes) {
        this.in = in;
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
        return refused(line, why);
    }

    static HubProblem refused(int line, String why) {
        return HubProblem.badRequest("Line " + line + " of the commit is refused: " + why);
    }

    private Optional<byte[]> read() throws IOException {
        if (at == filled && !fill()) {
            return Optional.empty();
        }
        line++;
        ByteArrayOutputStream text = new ByteArrayOutputStream(1 << 10);
        while (at < filled || fill()) {
            int end = at;
            while (end < filled && buffer[end] != '\n') {
                end++;
            }
            text.write(buffer, at, end - at);
            refuseLarge(text.size());
            at = end;
            if (end < filled) {
                at++;
                break;
            }
        }
        return Optional.of(text.toByteArray());
    }

    private boolean fill() throws IOException {
        try {
            filled = Math.max(0, in.read(buffer));
        } catch (IOException e) {
            throw HubProblem.badRequest("The commit broke off in line " + line + ", after " + bytes + " bytes");
        }
        at = 0;
        bytes += filled;
        return filled > 0;
    }

    private void refuseLarge(int length) {
        if (length > MAX_LINE || bytes > maxBytes) {
            throw HubProblem.of(
                    413,
                    "Line " + line + " makes the commit too large: a line may have " + MAX_LINE + " bytes, all of them "
                            + maxBytes + "; upload large files by LFS");
        }
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
