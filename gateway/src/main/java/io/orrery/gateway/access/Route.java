package io.orrery.gateway.access;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * One row of the table of routes.
 *
 * @param name stands in metrics
 * @param path matched against the whole undecoded path, as the client sent it
 */
public record Route(String name, Set<String> methods, Pattern path, Access access, Destination destination) {
    public Route {
        methods = Set.copyOf(methods);
    }

    boolean hasPath(String requested) {
        return path.matcher(requested).matches();
    }
}
