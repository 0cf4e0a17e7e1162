package io.orrery.gateway.proxy;

import io.orrery.gateway.access.Access;
import io.orrery.gateway.access.Call;
import io.orrery.gateway.access.Callers;
import io.orrery.gateway.access.Route;
import io.orrery.gateway.key.StoredKey;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/**
 * Which headers pass. Those of one hop stay on it (RFC 9110, 7.6.1), the client's credentials end here, and what a client says about
 * where it came from is replaced by what this gateway saw.
 */
@Component
class PassedHeaders {
    private static final Set<String> OF_ONE_HOP = Set.of(
            "connection",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "proxy-connection",
            "te",
            "trailer",
            "transfer-encoding",
            "upgrade",
            "http2-settings");
    private static final Set<String> ENDING_HERE =
            Set.of("authorization", "x-api-key", "host", "content-length", "expect", "forwarded", "x-request-id");

    private final ServiceTokens tokens;

    PassedHeaders(ServiceTokens tokens) {
        this.tokens = tokens;
    }

    /** The headers of a call on its way to a service, name and value in turn. */
    List<String> toService(HttpServletRequest request) {
        Set<String> dropped = namedByConnection(Collections.list(request.getHeaders("Connection")));
        List<String> headers = new ArrayList<>();
        for (String name : Collections.list(request.getHeaderNames())) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (!dropped.contains(lower) && !ENDING_HERE.contains(lower) && !lower.startsWith("x-forwarded-")) {
                Collections.list(request.getHeaders(name)).forEach(value -> add(headers, name, value));
            }
        }
        add(headers, Call.ID_HEADER, Call.of(request).id());
        add(headers, "X-Forwarded-Proto", request.getScheme());
        add(headers, "X-Forwarded-Host", host(request));
        add(headers, "X-Forwarded-Port", Integer.toString(request.getServerPort()));
        add(headers, "X-Forwarded-For", request.getRemoteAddr());
        authorizations(request).forEach(value -> add(headers, "Authorization", value));
        return headers;
    }

    private List<String> authorizations(HttpServletRequest request) {
        Optional<StoredKey> key = Callers.key(request);
        if (key.isPresent()) {
            return List.of("Bearer " + tokens.mint(key.get()));
        }
        return switch (Call.of(request).route().map(Route::access).orElse(null)) {
            case Access.Passed _ -> Collections.list(request.getHeaders("Authorization"));
            case Access.Public(var scope) -> List.of("Bearer " + tokens.mintAnonymous(scope));
            case null, default -> List.of();
        };
    }

    /** Gives a service's headers to the client; a body's length stays known where the service knew it. */
    void toClient(HttpHeaders from, HttpServletResponse response) {
        Set<String> dropped = namedByConnection(from.allValues("Connection"));
        from.map().forEach((name, values) -> {
            if (!dropped.contains(name.toLowerCase(Locale.ROOT))) {
                response.setHeader(name, values.getFirst());
                values.stream().skip(1).forEach(value -> response.addHeader(name, value));
            }
        });
    }

    private static Set<String> namedByConnection(Collection<String> connection) {
        Set<String> names = new TreeSet<>(OF_ONE_HOP);
        connection.stream()
                .flatMap(value -> Stream.of(value.split(",")))
                .forEach(name -> names.add(name.strip().toLowerCase(Locale.ROOT)));
        return names;
    }

    private static String host(HttpServletRequest request) {
        int usual = request.getScheme().equals("https") ? 443 : 80;
        return request.getServerPort() == usual
                ? request.getServerName()
                : request.getServerName() + ":" + request.getServerPort();
    }

    private static void add(List<String> headers, String name, String value) {
        headers.add(name);
        headers.add(value);
    }
}
