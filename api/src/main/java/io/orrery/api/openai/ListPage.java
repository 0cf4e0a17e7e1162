package io.orrery.api.openai;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a list that is walked by {@code after=LAST_ID}.
 *
 * @param object always {@code list}
 * @param hasMore whether there is a page after this one
 * @param firstId null where the page is empty
 * @param lastId null where the page is empty
 */
public record ListPage<T>(
        String object,
        List<T> data,
        @JsonProperty("has_more") boolean hasMore,
        @JsonProperty("first_id") @Nullable String firstId,
        @JsonProperty("last_id") @Nullable String lastId) {
    public static final String OBJECT = "list";

    public ListPage {
        data = List.copyOf(data);
    }
}
