package io.orrery.registry.mirror;

import io.orrery.api.hub.RepoType;
import io.orrery.registry.wire.HubProblem;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A repository as bodies of the mirror's own routes name it. */
final class MirroredRepo {
    private MirroredRepo() {}

    static RepoType type(@Nullable String type) {
        return Arrays.stream(RepoType.values())
                .filter(known -> known.value().equals(type == null ? RepoType.MODEL.value() : type))
                .findFirst()
                .orElseThrow(
                        () -> HubProblem.badRequest("type must be model, dataset or space, but is '" + type + "'"));
    }

    static String name(@Nullable String repo) {
        return Optional.ofNullable(repo)
                .filter(name -> !name.isBlank())
                .orElseThrow(() -> HubProblem.badRequest("The body lacks the repository as repo"));
    }
}
