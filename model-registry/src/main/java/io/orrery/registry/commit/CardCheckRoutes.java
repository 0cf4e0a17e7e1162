package io.orrery.registry.commit;

import io.orrery.registry.inspection.ModelCard;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Checks a card's front matter before it is committed; clients ask for every README.md. */
@Component
class CardCheckRoutes implements HubRoutes {
    private record Question(
            @Nullable String content, @Nullable String repoType) {}

    private record Message(String message) {}

    private record Answer(List<Message> errors, List<Message> warnings) {}

    @Override
    public List<HubRoute> routes() {
        return List.of(HubRoute.query("/api/validate-yaml", this::check));
    }

    private ServerResponse check(HubCall call) {
        String content = call.body(Question.class).content();
        return switch (ModelCard.parse(content == null ? "" : content)) {
            case ModelCard.Absent absent ->
                ServerResponse.ok()
                        .body(new Answer(
                                List.of(), List.of(new Message("empty or missing yaml metadata in repo card"))));
            case ModelCard.Broken broken ->
                ServerResponse.status(400).body(new Answer(List.of(new Message(broken.message())), List.of()));
            case ModelCard.Data data -> ServerResponse.ok().body(new Answer(List.of(), List.of()));
        };
    }
}
