package io.orrery.registry.resolve;

import io.orrery.registry.blob.Content;
import io.orrery.registry.blob.ReceiverGoneException;
import io.orrery.registry.wire.HubCall;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * A content as an answer, or the part of it that is asked for.
 *
 * @param etag in its quotes
 */
public record RangedAnswer(String etag, long size, Source source) {
    private static final Logger LOG = LoggerFactory.getLogger(RangedAnswer.class);
    private static final int SMALL = 1 << 17;
    private static final Pattern RESUMED = Pattern.compile("\\s*bytes\\s*=\\s*0*[1-9]\\d*\\s*-\\s*");

    /** Where the bytes are. */
    public sealed interface Source {
        record Stored(Content content) implements Source {}

        /** Whoever asks for the headers gets them from what is known of the content. */
        record Unread() implements Source {}

        @SuppressWarnings("ArrayRecordComponent") // never compared
        record InMemory(byte[] bytes) implements Source {}
    }

    /** @param headers adds those that do not depend on the range */
    public ServerResponse to(HubCall call, Consumer<ServerResponse.BodyBuilder> headers) {
        return to(call, status -> ServerResponse.status(status).header(HttpHeaders.ETAG, etag), headers);
    }

    ServerResponse to(
            HubCall call, IntFunction<ServerResponse.BodyBuilder> begin, Consumer<ServerResponse.BodyBuilder> headers) {
        IntFunction<ServerResponse.BodyBuilder> begun = status -> {
            ServerResponse.BodyBuilder answer = begin.apply(status).header(HttpHeaders.ACCEPT_RANGES, "bytes");
            headers.accept(answer);
            return answer;
        };
        boolean changedSince = call.header(HttpHeaders.IF_RANGE)
                .filter(known -> !known.equals(etag))
                .isPresent();
        ByteRange range =
                ByteRange.of(call.header(HttpHeaders.RANGE).filter(asked -> !changedSince && mayHave(asked)), size);
        return switch (range) {
            case ByteRange.Part part -> {
                String shown = "bytes " + part.start() + "-" + (part.start() + part.length() - 1) + "/" + size;
                yield body(call, begun.apply(206).header(HttpHeaders.CONTENT_RANGE, shown), part);
            }
            case ByteRange.Whole whole -> body(call, begun.apply(200), new ByteRange.Part(0, size));
            case ByteRange.Unsatisfiable none ->
                // JavaScript clients probe every file with a range, and take 416 of an empty one for an error
                begun.apply(size == 0 ? 200 : 416)
                        .header(HttpHeaders.CONTENT_RANGE, "bytes */" + size)
                        .contentLength(0)
                        .build();
        };
    }

    /** One who goes on where a damaged content broke off is sent the good one from its beginning. */
    private boolean mayHave(String range) {
        return !RESUMED.matcher(range).matches()
                || !(source instanceof Source.Stored stored)
                || stored.content().mayResume();
    }

    private ServerResponse body(HubCall call, ServerResponse.BodyBuilder answer, ByteRange.Part part) {
        boolean head = call.isHead();
        return answer.contentLength(part.length()).build((request, response) -> {
            if (!head) {
                write(request, response, part);
            }
            return null;
        });
    }

    private void write(HttpServletRequest request, HttpServletResponse response, ByteRange.Part part)
            throws IOException {
        switch (source) {
            case Source.InMemory memory ->
                response.getOutputStream()
                        .write(memory.bytes(), Math.toIntExact(part.start()), Math.toIntExact(part.length()));
            case Source.Unread unread -> throw new IllegalStateException("nothing was opened to be sent");
            case Source.Stored stored -> send(request, response, stored.content(), part);
        }
    }

    /** Large parts of files are left to Tomcat, which lets the kernel copy them. */
    private static void send(
            HttpServletRequest request, HttpServletResponse response, Content content, ByteRange.Part part)
            throws IOException {
        boolean byKernel = part.length() > SMALL
                && Boolean.TRUE.equals(request.getAttribute("org.apache.tomcat.sendfile.support"));
        Optional<Path> file = byKernel ? content.file() : Optional.empty();
        if (file.isPresent()) {
            request.setAttribute(
                    "org.apache.tomcat.sendfile.filename", file.get().toString());
            request.setAttribute("org.apache.tomcat.sendfile.start", part.start());
            request.setAttribute("org.apache.tomcat.sendfile.end", part.start() + part.length());
            return;
        }
        try {
            content.copy(part.start(), part.length(), response.getOutputStream());
        } catch (ReceiverGoneException e) {
            LOG.debug("The reader of {} went away", request.getRequestURI(), e);
        }
    }
}
