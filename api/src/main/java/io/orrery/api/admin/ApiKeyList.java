package io.orrery.api.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * One page of keys, the newest first.
 *
 * @param object always {@code list}
 * @param hasMore whether a page begins after the last one here
 */
public record ApiKeyList(
        String object,
        List<ApiKey> data,
        @JsonProperty("has_more") boolean hasMore) {
    public ApiKeyList {
        data = List.copyOf(data);
    }
}
