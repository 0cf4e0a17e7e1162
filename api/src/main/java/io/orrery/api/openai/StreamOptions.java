package io.orrery.api.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/** @param includeUsage whether a last chunk without choices tells the usage */
public record StreamOptions(
        @JsonProperty("include_usage") @Nullable Boolean includeUsage) {}
