package io.orrery.api.openai;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A model that can be asked.
 *
 * @param id such as {@code lab/model} or {@code lab/model:lab/adapter}
 * @param object always {@link #OBJECT}
 * @param created Unix seconds
 */
public record ModelObject(
        String id,
        String object,
        long created,
        @JsonProperty("owned_by") String ownedBy) {
    public static final String OBJECT = "model";

    public ModelObject(String id, long created, String ownedBy) {
        this(id, OBJECT, created, ownedBy);
    }
}
