package io.orrery.api.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A file that git knows as a pointer. Listings of a tree call the content's hash {@code oid}, infos call it {@code sha256}.
 *
 * @param size bytes of the content
 * @param pointerSize bytes of the pointer
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LfsFile(@Nullable String oid, @Nullable String sha256, long size, long pointerSize) {}
