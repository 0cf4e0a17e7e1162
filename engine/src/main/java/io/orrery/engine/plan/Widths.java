package io.orrery.engine.plan;

import io.orrery.engine.model.ModelSpec.Attention;
import io.orrery.engine.model.ModelSpec.Branch;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.FeedForward;
import io.orrery.engine.model.ModelSpec.Gate;
import io.orrery.engine.model.ModelSpec.Input;
import io.orrery.engine.model.ModelSpec.Sublayer;
import java.util.stream.Stream;

/**
 * The sizes that activations depend on: of layers that differ, the widest.
 *
 * @param rows a feed-forward's rows of intermediateSize: gate, up and their product, or up and its activation
 */
record Widths(int layers, int hidden, int query, int intermediate, int rows, int vocab) {
    static Widths of(CausalLm model) {
        int vocab = switch (model.text().input()) {
            case Input.Tokens tokens -> tokens.vocabSize();
        };
        return new Widths(
                model.text().layers().size(),
                model.text().width(),
                bodies(model, Attention.class)
                        .mapToInt(Attention::queryWidth)
                        .max()
                        .orElse(0),
                feedForwards(model)
                        .mapToInt(FeedForward::intermediateSize)
                        .max()
                        .orElse(0),
                feedForwards(model).anyMatch(body -> body.gate() != Gate.NONE) ? 3 : 2,
                vocab);
    }

    private static Stream<FeedForward> feedForwards(CausalLm model) {
        return bodies(model, FeedForward.class);
    }

    private static <T extends Sublayer> Stream<T> bodies(CausalLm model, Class<T> type) {
        return model.text().layers().stream()
                .flatMap(layer -> layer.branches().stream())
                .map(Branch::body)
                .filter(type::isInstance)
                .map(type::cast);
    }

    /** Features of the widest row outside a feed-forward. */
    int widest() {
        return Math.max(hidden, query);
    }
}
