package io.orrery.api.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Makes a repository with a first commit on {@code main}. Clients of different ages say {@code visibility} or {@code private}.
 *
 * @param name with or without the namespace
 * @param organization namespace; absent: the one in the name, or the caller's own
 * @param type absent: a model
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CreateRepoRequest(
        String name,
        @Nullable String organization,
        @Nullable String type,
        @Nullable String visibility,
        @JsonProperty("private") @Nullable Boolean isPrivate) {}
