package io.orrery.registry.repository;

import io.orrery.registry.wire.HubProblem;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who shall see a repository, as clients of different ages say it: {@code visibility}, or {@code private}. */
public final class Visibility {
    private Visibility() {}

    /** Empty where neither is given. */
    public static Optional<Boolean> isPrivate(@Nullable String visibility, @Nullable Boolean isPrivate) {
        if (visibility == null) {
            return Optional.ofNullable(isPrivate);
        }
        return Optional.of(
                switch (visibility) {
                    case "private" -> true;
                    case "public" -> false;
                    default ->
                        throw HubProblem.badRequest(
                                "visibility must be public or private, but is '" + visibility + "'");
                });
    }
}
