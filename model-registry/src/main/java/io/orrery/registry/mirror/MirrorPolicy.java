package io.orrery.registry.mirror;

import io.orrery.registry.repository.MirroredRepos;
import io.orrery.registry.wire.Caller;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/**
 * Which names may be asked for at the other hub. A namespace that is used here never is: its names would be told to strangers, and a
 * stranger's repository could take the place of one of ours that is misspelt or gone.
 */
@Component
class MirrorPolicy {
    /** As the Hub's: two segments, or one for the oldest repositories. */
    static final Pattern ID = Pattern.compile("(?!.*(--|\\.\\.))(?!.*\\.git$)"
            + "([A-Za-z0-9_]([A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?/)?[A-Za-z0-9_]([A-Za-z0-9_.-]{0,94}[A-Za-z0-9_])?");

    private final MirrorProperties properties;
    private final MirroredRepos repos;
    private final Globs allowed;
    private final Globs denied;

    MirrorPolicy(MirrorProperties properties, MirroredRepos repos) {
        this.properties = properties;
        this.repos = repos;
        this.allowed = Globs.of(properties.allow(), Pattern.CASE_INSENSITIVE);
        this.denied = Globs.of(properties.deny(), Pattern.CASE_INSENSITIVE);
    }

    boolean mayAsk(String name, Optional<Caller> caller) {
        String namespace = name.substring(0, Math.max(0, name.indexOf('/')));
        return properties.upstream() != null
                && ID.matcher(name).matches()
                && mayMirror(name)
                && (namespace.isEmpty() || !isOurs(namespace, caller));
    }

    /** By the rules for ids alone. */
    boolean mayMirror(String name) {
        return allowed.match(name) && !denied.match(name);
    }

    private boolean isOurs(String namespace, Optional<Caller> caller) {
        return properties.localNamespaces().stream().anyMatch(namespace::equalsIgnoreCase)
                || caller.flatMap(Caller::project)
                        .filter(namespace::equalsIgnoreCase)
                        .isPresent()
                || repos.isOurs(namespace);
    }
}
