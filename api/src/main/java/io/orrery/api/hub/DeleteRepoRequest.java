package io.orrery.api.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** Names a repository as {@link CreateRepoRequest} does. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record DeleteRepoRequest(
        String name,
        @Nullable String organization,
        @Nullable String type) {}
