package io.orrery.registry.resolve;

import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubHeaders;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
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
        RangedAnswer.Source source) {
    ServerResponse answer(HubCall call) {
        String etag = '"' + contentId + '"';
        if (call.header(HttpHeaders.IF_NONE_MATCH)
                .filter(known -> KnownTags.include(known, etag))
                .isPresent()) {
            return named(304, etag).build();
        }
        return new RangedAnswer(etag, size, source)
                .to(call, status -> named(status, etag), answer -> addHeaders(answer, etag, call));
    }

    private ServerResponse.BodyBuilder named(int status, String etag) {
        ServerResponse.BodyBuilder answer = ServerResponse.status(status).header(HttpHeaders.ETAG, etag);
        return commit.isEmpty() ? answer : answer.header(HubHeaders.REPO_COMMIT, commit);
    }

    private void addHeaders(ServerResponse.BodyBuilder answer, String etag, HubCall call) {
        answer.header(HttpHeaders.CONTENT_DISPOSITION, disposition(call.flag("download")))
                .header("Content-Security-Policy", "default-src 'none'; sandbox")
                .contentType(mediaType());
        if (linked) {
            answer.header(HubHeaders.LINKED_ETAG, etag).header(HubHeaders.LINKED_SIZE, Long.toString(size));
        }
        xetLinks.ifPresent(links -> links.addTo(answer));
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
