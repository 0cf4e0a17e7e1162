package io.orrery.cli.demo;

import java.util.List;
import java.util.Locale;

/** The README of the demo's model. */
final class ModelCard {
    private ModelCard() {}

    /**
     * @param losses of the training, with which {@code loss.svg} was drawn
     * @param parameters numbers that were learnt
     */
    static String text(List<LossCurve.Point> losses, long parameters, int examples) {
        LossCurve.Point last = losses.getLast();
        return String.format(Locale.ROOT, """
                ---
                license: apache-2.0
                library_name: transformers
                pipeline_tag: text-generation
                tags: [llama, demo]
                ---
                # A small model that adds and knows the calendar

                A Llama of %,d parameters, trained from nothing by `orrery demo` on %,d generated questions of two families: sums of two
                numbers below 100, and the day after a date. It knows nothing of the demo's animals: that is for an adapter to learn.

                ![Loss over the training](loss.svg)

                After %,d steps the loss was %.4f nats a token.
                """, parameters, examples, last.step(), last.loss());
    }
}
