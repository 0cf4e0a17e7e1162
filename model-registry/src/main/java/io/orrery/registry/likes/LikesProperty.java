package io.orrery.registry.likes;

import io.orrery.registry.catalog.InfoProperty;
import io.orrery.registry.wire.HubCall;
import java.util.List;
import java.util.Map;
import org.springframework.stereotype.Component;

/** How many like a repository. */
@Component
class LikesProperty implements InfoProperty {
    private final Likes likes;

    LikesProperty(Likes likes) {
        this.likes = likes;
    }

    @Override
    public String name() {
        return "likes";
    }

    @Override
    public boolean isWanted(HubCall call) {
        return InfoProperty.super.isWanted(call) || call.list("expand").isEmpty();
    }

    @Override
    public Map<Long, Long> values(HubCall call, List<Subject> subjects) {
        return likes.counts(
                subjects.stream().map(subject -> subject.repo().id()).toList());
    }
}
