package io.orrery.api.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a repository, on the topic {@link #TOPIC} under the repository's id. An event may come twice: its id tells.
 *
 * @param id unique
 * @param type {@link #REPOSITORY_CREATED}, {@link #REPOSITORY_DELETED}, {@link #COMMITTED} or {@link #REF_CHANGED}
 * @param repo such as {@code lab/model}
 * @param ref such as {@code refs/heads/main}
 * @param commit 40-hex commit that the ref names now; absent where it was deleted
 * @param actor who did it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RegistryEvent(
        String id,
        String type,
        RepoType repoType,
        String repo,
        @Nullable String ref,
        @Nullable String commit,
        String actor,
        Instant at) {
    public static final String TOPIC = "registry.events";
    public static final String REPOSITORY_CREATED = "repository.created";
    public static final String REPOSITORY_DELETED = "repository.deleted";
    public static final String REPOSITORY_MOVED = "repository.moved";
    public static final String REPOSITORY_CHANGED = "repository.changed";
    public static final String COMMITTED = "committed";
    public static final String REF_CHANGED = "ref.changed";
}
