package io.orrery.hub;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.Set;

/** Where answers send the asker. */
final class Redirects {
    private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);

    private Redirects() {}

    /** From https to http nobody is sent. */
    static Optional<URI> next(HttpRequest request, HttpResponse<?> response) {
        if (!STATUSES.contains(response.statusCode())) {
            return Optional.empty();
        }
        try {
            return response.headers()
                    .firstValue("Location")
                    .map(request.uri()::resolve)
                    .filter(next -> isAsSafe(request.uri().getScheme(), next.getScheme()));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean isAsSafe(String from, String to) {
        return "https".equals(to) || "http".equals(to) && "http".equals(from);
    }
}
