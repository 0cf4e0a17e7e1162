package io.orrery.engine.train;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The lines of a JSONL file, one JSON object each, with bounds on what a line and the file may take. A byte order mark, CRLF
 * and empty lines are no fault. Confined to one thread.
 */
final class JsonLines implements AutoCloseable {
    /** OpenAI's limit on a training file. */
    static final long MOST_FILE_BYTES = 512L << 20;

    static final int MOST_LINE_BYTES = 16 << 20;
    private static final int SHOWN = 40;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final InputStream in;
    private int line;
    private boolean ended;

    private JsonLines(InputStream in) {
        this.in = in;
    }

    /** @throws TrainingException where the file is missing or too large */
    @SuppressWarnings("MustBeClosedChecker") // closed with this
    static JsonLines open(Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new TrainingException(
                        TrainingException.Cause.DATA, file + " is not a file; give the path of a .jsonl file");
            }
            if (Files.size(file) > MOST_FILE_BYTES) {
                throw new TrainingException(
                        TrainingException.Cause.DATA,
                        file.getFileName() + " has " + Files.size(file) + " bytes; a training file may have "
                                + MOST_FILE_BYTES + ": split it");
            }
            return new JsonLines(new BufferedInputStream(Files.newInputStream(file), 1 << 16));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** Number of the line that {@link #next} gave last, 1 for the first. */
    int line() {
        return line;
    }

    boolean hasNext() {
        return !ended;
    }

    /** The next line; empty where nothing stands in it. @throws RowException where it is not a JSON object */
    Optional<JsonNode> next() {
        String text = text(read());
        return text.isBlank() ? Optional.empty() : Optional.of(object(text));
    }

    /** The bytes of a line without its end, or null where there are too many of them. */
    private byte @Nullable [] read() {
        line++;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long length = 0;
        try {
            int next = in.read();
            for (; next >= 0 && next != '\n'; next = in.read()) {
                if (length++ < MOST_LINE_BYTES) {
                    bytes.write(next);
                }
            }
            ended = next < 0;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read line " + line + ": " + e.getMessage(), e);
        }
        return length > MOST_LINE_BYTES ? null : bytes.toByteArray();
    }

    private String text(byte @Nullable [] bytes) {
        if (bytes == null) {
            throw new RowException("", "the line has more than " + MOST_LINE_BYTES + " bytes; split it");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return line == 1 && text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new RowException("", "the line is not UTF-8 (" + e.getMessage() + "); save the file as UTF-8");
        }
    }

    private static JsonNode object(String text) {
        JsonNode node;
        try {
            node = MAPPER.readTree(text);
        } catch (JacksonException e) {
            throw new RowException("", "not valid JSON" + place(e) + ": " + reason(e) + hint(text));
        }
        if (!node.isObject()) {
            throw new RowException("", "every line must be a JSON object, and this is not one" + hint(text));
        }
        return node;
    }

    private static String place(JacksonException e) {
        return e.getLocation() == null ? "" : " at column " + e.getLocation().getColumnNr();
    }

    /** Without Jackson's note that it hides the source. */
    private static String reason(JacksonException e) {
        return e.getOriginalMessage().replaceAll(" ?\\(start marker at \\[.*?\\]\\)", "");
    }

    private static String hint(String text) {
        String start = text.strip();
        return "; HINT: the line starts with: " + (start.length() > SHOWN ? start.substring(0, SHOWN) + "…" : start);
    }

    @Override
    public void close() {
        try {
            in.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close the training file: " + e.getMessage(), e);
        }
    }
}
