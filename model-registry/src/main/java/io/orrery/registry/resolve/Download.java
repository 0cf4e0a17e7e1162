package io.orrery.registry.resolve;

import io.orrery.registry.blob.Content;
import io.orrery.registry.blob.ReceiverGoneException;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubHeaders;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;
import org.springframework.web.servlet.function.ServerResponse;

/**
 * A content to be answered with.
 *
 * @param commit that the revision resolved to; empty where it was found by its hash
 * @param path of the file in its repository
 * @param contentId git's hash or the sha256, which is the entity tag
 * @param linked whether the content is kept outside git
 * @param xetLinks where it can be fetched in parts
 */
record Download(
        String commit,
        String path,
        String contentId,
        long size,
        boolean linked,
        Optional<XetLinks> xetLinks,
        Source source) {
    private static final Logger LOG = LoggerFactory.getLogger(Download.class);
    private static final int SMALL = 1 << 17;
    private static final Pattern RESUMED = Pattern.compile("\\s*bytes\\s*=\\s*0*[1-9]\\d*\\s*-\\s*");

    /** Where the bytes are. */
    sealed interface Source {
        record Stored(Content content) implements Source {}

        /** Whoever asks for the headers gets them from what is known of the content. */
        record Unread() implements Source {}

        @SuppressWarnings("ArrayRecordComponent") // never compared
        record InMemory(byte[] bytes) implements Source {}
    }

    ServerResponse answer(HubCall call) {
        String etag = '"' + contentId + '"';
        if (call.header(HttpHeaders.IF_NONE_MATCH)
                .filter(known -> KnownTags.include(known, etag))
                .isPresent()) {
            return named(304, etag).build();
        }
        boolean changedSince = call.header(HttpHeaders.IF_RANGE)
                .filter(known -> !known.equals(etag))
                .isPresent();
        Optional<String> asked = call.header(HttpHeaders.RANGE).filter(header -> !changedSince && mayHave(header));
        ByteRange range = ByteRange.of(asked, size);
        return switch (range) {
            case ByteRange.Part part -> {
                String shown = "bytes " + part.start() + "-" + (part.start() + part.length() - 1) + "/" + size;
                yield body(call, headers(206, etag, call).header(HttpHeaders.CONTENT_RANGE, shown), part);
            }
            case ByteRange.Whole whole -> body(call, headers(200, etag, call), new ByteRange.Part(0, size));
            case ByteRange.Unsatisfiable none -> nothing(call, etag);
        };
    }

    /** One who goes on where a damaged content broke off is sent the good one from its beginning. */
    private boolean mayHave(String range) {
        return !RESUMED.matcher(range).matches()
                || !(source instanceof Source.Stored stored)
                || stored.content().mayResume();
    }

    /** JavaScript clients probe every file with a range, and take 416 of an empty one for an error. */
    private ServerResponse nothing(HubCall call, String etag) {
        ServerResponse.BodyBuilder answer =
                headers(size == 0 ? 200 : 416, etag, call).header(HttpHeaders.CONTENT_RANGE, "bytes */" + size);
        return answer.contentLength(0).build();
    }

    private ServerResponse.BodyBuilder named(int status, String etag) {
        ServerResponse.BodyBuilder answer = ServerResponse.status(status).header(HttpHeaders.ETAG, etag);
        return commit.isEmpty() ? answer : answer.header(HubHeaders.REPO_COMMIT, commit);
    }

    private ServerResponse.BodyBuilder headers(int status, String etag, HubCall call) {
        ServerResponse.BodyBuilder answer = named(status, etag)
                .header(HttpHeaders.ACCEPT_RANGES, "bytes")
                .header(HttpHeaders.CONTENT_DISPOSITION, disposition(call.flag("download")))
                .header("Content-Security-Policy", "default-src 'none'; sandbox")
                .contentType(mediaType());
        if (linked) {
            answer.header(HubHeaders.LINKED_ETAG, etag).header(HubHeaders.LINKED_SIZE, Long.toString(size));
        }
        xetLinks.ifPresent(links -> links.addTo(answer));
        return answer;
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

    /** Pages and scripts of strangers are text here: this server's own pages are on the same origin. */
    private MediaType mediaType() {
        MediaType type = MediaTypeFactory.getMediaType(path).orElse(MediaType.APPLICATION_OCTET_STREAM);
        boolean active = type.getSubtype().contains("html")
                || type.getSubtype().contains("javascript")
                || type.getSubtype().equals("xml");
        boolean text = type.getType().equals("text") || active || path.endsWith(".md");
        return text && !linked ? MediaType.parseMediaType("text/plain;charset=UTF-8") : type;
    }

    /** Python clients read the name between the quotes, and want the last semicolon. */
    private String disposition(boolean attachment) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        String ascii = name.replaceAll("[^\\x20-\\x7e]|[\"\\\\]", "_");
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        return (attachment ? "attachment" : "inline") + "; filename*=UTF-8''" + encoded + "; filename=\"" + ascii
                + "\";";
    }
}
