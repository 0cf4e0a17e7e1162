package io.orrery.api.openai;

import java.util.List;

/** All models, in one page. */
public record ModelList(String object, List<ModelObject> data) {
    public ModelList(List<ModelObject> data) {
        this("list", List.copyOf(data));
    }
}
