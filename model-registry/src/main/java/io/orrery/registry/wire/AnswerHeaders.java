package io.orrery.registry.wire;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import java.util.UUID;

/** What every answer carries: the request's name, as the client gave it where it did, and leave for browsers to read the Hub's headers. */
public final class AnswerHeaders {
    private static final String EXPOSED =
            "X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,"
                    + "Accept-Ranges,Content-Range,X-Linked-Size,X-Linked-ETag,X-Xet-Hash";

    private AnswerHeaders() {}

    public static void add(HttpServletRequest request, HttpServletResponse response) {
        String id = Optional.ofNullable(request.getHeader(HubHeaders.REQUEST_ID))
                .or(() -> Optional.ofNullable(request.getHeader(HubHeaders.TRACE_ID)))
                .filter(text -> text.matches("[\\w=;:.-]{1,128}"))
                .orElseGet(() -> UUID.randomUUID().toString());
        response.setHeader(HubHeaders.REQUEST_ID, id);
        response.setHeader("Access-Control-Expose-Headers", EXPOSED);
    }
}
