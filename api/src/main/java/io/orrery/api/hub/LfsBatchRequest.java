package io.orrery.api.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks where contents go or come from.
 *
 * @param operation {@code upload} or {@code download}
 * @param ref absent where commits are only proposed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LfsBatchRequest(
        String operation,
        @Nullable List<String> transfers,
        @Nullable Ref ref,
        List<LfsObject> objects) {
    /** A branch that contents are for. */
    public record Ref(String name) {}

    /** A content by its sha256. */
    public record LfsObject(String oid, long size) {}
}
