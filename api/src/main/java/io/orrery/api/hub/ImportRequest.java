package io.orrery.api.hub;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /api/import}: takes in what {@code huggingface_hub} has downloaded. The answer is an {@link ImportEvent} a line.
 *
 * @param folder of the registry's machine, such as {@code /home/ada/.cache/huggingface/hub}
 * @param repo ids to take in, where {@code *} stands for any characters; all of them where it is missing
 * @param dryRun looks and tells, and takes nothing in
 * @param isPrivate whether administrators alone see repositories that no other hub tells of
 * @param copy whether contents are copied even where a link would do
 */
public record ImportRequest(
        @Nullable String folder,
        @Nullable String repo,
        @Nullable Boolean dryRun,
        @JsonProperty("private") @Nullable Boolean isPrivate,
        @Nullable Boolean copy) {}
