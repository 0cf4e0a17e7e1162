package io.orrery.gateway.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * What is known of a request before anybody answers it. Immutable.
 *
 * @param id goes with it to every service and back to the client as {@code X-Request-Id}
 * @param route empty where the table has none for it
 */
public record Call(String id, Optional<Route> route) {
    public static final String ID_HEADER = "X-Request-Id";

    private static final String ATTRIBUTE = Call.class.getName();

    /** The call that a request is; every request that reaches a filter behind {@link CallFilter} has one. */
    public static Call of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Call call) {
            return call;
        }
        throw new IllegalStateException("the request for " + request.getRequestURI() + " passed no CallFilter");
    }

    void attachTo(HttpServletRequest request) {
        request.setAttribute(ATTRIBUTE, this);
    }
}
