package io.orrery.engine.model;

import io.orrery.engine.model.ModelSpec.CausalLm;
import tools.jackson.databind.json.JsonMapper;

/** Models of a few thousand parameters. */
final class TinyModels {
    private TinyModels() {}

    /** @param json with single quotes for double ones */
    static CausalLm spec(String json) {
        return Families.fromConfig(JsonMapper.shared().readTree(json.replace('\'', '"')));
    }
}
