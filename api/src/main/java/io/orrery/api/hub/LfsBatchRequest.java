package io.orrery.api.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Asks where contents go or come from.
 *
 * @param operation {@code upload} or {@code download}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LfsBatchRequest(String operation, @Nullable List<String> transfers, List<LfsObject> objects) {
    /** A content by its sha256. */
    public record LfsObject(String oid, long size) {}
}
