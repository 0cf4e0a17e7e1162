package io.orrery.gateway.proxy;

import io.orrery.gateway.wire.Refusal;
import io.orrery.gateway.wire.RefusedException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;

/** Makes of a client's request the call that is passed on. Thread-safe. */
@Component
class OutgoingCalls {
    private final PassedHeaders headers;
    private final ProxyProperties properties;

    OutgoingCalls(PassedHeaders headers, ProxyProperties properties) {
        this.headers = headers;
        this.properties = properties;
    }

    /** A call whose body, if it has one, goes through as it comes. */
    Outgoing passing(HttpServletRequest request) throws IOException {
        boolean hasBody =
                request.getContentLengthLong() > 0 || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
        Outgoing.Body body = hasBody
                ? new Outgoing.Body.Passing(
                        new Upload(request.getInputStream(), request.getContentLengthLong(), properties.idle()))
                : new Outgoing.Body.None();
        return outgoing(request, body, properties.firstByte());
    }

    /** A question to a model, with its body. */
    Outgoing question(HttpServletRequest request, byte[] body) {
        return outgoing(request, new Outgoing.Body.Whole(body), properties.inferenceFirstByte());
    }

    /** @throws RefusedException where the body is too large to hold, or is encoded */
    byte[] wholeBody(HttpServletRequest request) throws IOException {
        String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw new RefusedException(Refusal.of(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE,
                    "unsupported_content_encoding",
                    "The body is encoded as " + encoding + "; send it without Content-Encoding."));
        }
        int most = (int) properties.maxModelRequest().toBytes();
        if (request.getContentLengthLong() > most) {
            throw tooLarge(request.getContentLengthLong() + " bytes");
        }
        byte[] body;
        try {
            body = request.getInputStream().readNBytes(most + 1);
        } catch (IOException e) {
            throw new ClientGoneException("the client broke off while it sent the body: " + e.getMessage(), e);
        }
        if (body.length > most) {
            throw tooLarge("more");
        }
        return body;
    }

    private RefusedException tooLarge(String found) {
        return new RefusedException(Refusal.of(
                HttpStatus.CONTENT_TOO_LARGE,
                "request_too_large",
                "The body may have " + properties.maxModelRequest().toBytes() + " bytes, but has " + found
                        + "; shorten the prompt."));
    }

    private Outgoing outgoing(HttpServletRequest request, Outgoing.Body body, Duration firstByte) {
        String query = request.getQueryString();
        String path = RawAddress.path(request.getRequestURI()) + (query == null ? "" : "?" + RawAddress.query(query));
        return new Outgoing(request.getMethod(), path, headers.toService(request), body, firstByte);
    }
}
