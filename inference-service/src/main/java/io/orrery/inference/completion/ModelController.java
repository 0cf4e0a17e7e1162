package io.orrery.inference.completion;

import io.orrery.api.openai.ModelList;
import io.orrery.api.openai.ModelObject;
import io.orrery.inference.access.Caller;
import io.orrery.inference.model.Models;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** What can be asked for. */
@RestController
class ModelController {
    private final Models models;

    ModelController(Models models) {
        this.models = models;
    }

    @GetMapping("/v1/models")
    ModelList list() {
        return new ModelList(models.list(Caller.current()));
    }

    /** Ids hold slashes, which come encoded or not. */
    @GetMapping("/v1/models/{*id}")
    ModelObject one(@PathVariable String id) {
        return models.find(Caller.current(), id.substring(1));
    }
}
