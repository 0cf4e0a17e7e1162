package io.orrery.api.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** A repository that was made, or, with an {@code error}, one that was there. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CreatedRepo(
        String url,
        String name,
        @Nullable String id,
        @JsonProperty("private") boolean isPrivate,
        @Nullable String error) {}
