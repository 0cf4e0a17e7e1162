package io.orrery.gateway.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.MDC;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/** Gives each request its id and its route, before security looks at it. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class CallFilter extends OncePerRequestFilter {
    private static final Pattern SANE_ID = Pattern.compile("[A-Za-z0-9._:/=;-]{1,128}");

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Call call = new Call(id(request), Routes.find(request.getMethod(), request.getRequestURI()));
        call.attachTo(request);
        response.setHeader(Call.ID_HEADER, call.id());
        try (MDC.MDCCloseable ignored = MDC.putCloseable("request", call.id())) {
            chain.doFilter(request, response);
        }
    }

    /** The client's own id where it sent one; Hub clients send theirs as a trace id and print what comes back. */
    private static String id(HttpServletRequest request) {
        return Stream.of(Call.ID_HEADER, "X-Amzn-Trace-Id")
                .flatMap(header -> Optional.ofNullable(request.getHeader(header)).stream())
                .filter(value -> SANE_ID.matcher(value).matches())
                .findFirst()
                .orElseGet(() -> "req_" + UUID.randomUUID().toString().replace("-", ""));
    }
}
