package io.orrery.registry.access;

import io.orrery.registry.wire.HubHeaders;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import org.springframework.web.filter.OncePerRequestFilter;

/** Names every request, echoes the name that a client gave it, and lets browsers read the Hub's headers. */
final class AnswerHeadersFilter extends OncePerRequestFilter {
    private static final String EXPOSED =
            "X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,"
                    + "Accept-Ranges,Content-Range,X-Linked-Size,X-Linked-ETag,X-Xet-Hash";

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String id = Optional.ofNullable(request.getHeader(HubHeaders.REQUEST_ID))
                .or(() -> Optional.ofNullable(request.getHeader(HubHeaders.TRACE_ID)))
                .filter(text -> text.matches("[\\w=;:.-]{1,128}"))
                .orElseGet(() -> UUID.randomUUID().toString());
        response.setHeader(HubHeaders.REQUEST_ID, id);
        response.setHeader("Access-Control-Expose-Headers", EXPOSED);
        chain.doFilter(request, response);
    }
}
