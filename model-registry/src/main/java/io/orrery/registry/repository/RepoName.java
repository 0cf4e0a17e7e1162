package io.orrery.registry.repository;

import io.orrery.registry.wire.Caller;
import io.orrery.registry.wire.HubPath;
import io.orrery.registry.wire.HubProblem;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** A new repository's id, {@code namespace/name}, checked by the Hub's rules. */
public record RepoName(String value) {
    private static final Pattern SEGMENT = Pattern.compile("[A-Za-z0-9_.-]{1,96}");
    /** First segments of addresses that are no repositories. */
    private static final Set<String> RESERVED =
            Set.of("api", "datasets", "spaces", "models", "lfs", "cas", "health", "actuator", "v1", "v2", "console");

    /**
     * The id that a caller gives a repository.
     *
     * @param namespace empty where the name has one before a slash, or where it is the caller's own
     */
    public static RepoName of(Optional<String> namespace, String name, Caller caller) {
        int slash = name.indexOf('/');
        Optional<String> given = slash >= 0 ? Optional.of(name.substring(0, slash)) : namespace;
        return of(given.orElseGet(() -> own(caller)), name.substring(slash + 1));
    }

    /** A key's name is none for people, so what they make without a namespace is their project's, as whoami tells them. */
    private static String own(Caller caller) {
        return caller.project().orElse(caller.name());
    }

    static RepoName of(String namespace, String name) {
        check(namespace);
        check(name);
        if (RESERVED.contains(namespace)) {
            throw refused(namespace, "it is a part of this server's addresses");
        }
        if (HubPath.MARKERS.contains(name)) {
            throw refused(name, "the word has a meaning in addresses");
        }
        return new RepoName(namespace + "/" + name);
    }

    private static void check(String segment) {
        if (!SEGMENT.matcher(segment).matches()) {
            throw refused(segment, "it must have 1 to 96 letters, digits, '-', '_' or '.'");
        }
        if (segment.contains("--") || segment.contains("..")) {
            throw refused(segment, "it must not contain '--' or '..'");
        }
        if (List.of('-', '.').contains(segment.charAt(0))
                || List.of('-', '.').contains(segment.charAt(segment.length() - 1))) {
            throw refused(segment, "it must not start or end with '-' or '.'");
        }
        if (segment.endsWith(".git")) {
            throw refused(segment, "it must not end with '.git'");
        }
    }

    private static HubProblem refused(String segment, String why) {
        return HubProblem.badRequest("Invalid repository name '" + segment + "': " + why);
    }
}
