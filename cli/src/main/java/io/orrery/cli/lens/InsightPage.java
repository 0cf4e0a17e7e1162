package io.orrery.cli.lens;

import io.orrery.engine.checkpoint.AtomicFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What was seen, as one page for somebody who sees it for the first time. It asks the network for nothing and holds no script: its
 * own policy forbids both.
 */
public record InsightPage(Insight insight, String prompt) {
    /** Of a prompt on a page with attention: the heat map has the square of it as cells. */
    private static final int MOST_TOKENS = 128;

    /** Writes or replaces the file, whole or not at all. @throws IllegalArgumentException where the prompt is too long for a page */
    public void write(Path file) {
        if (insight.attention().isPresent() && insight.tokens().size() > MOST_TOKENS) {
            throw new IllegalArgumentException(
                    "a page shows the attention of " + MOST_TOKENS + " tokens at most, not of "
                            + insight.tokens().size() + "; take a shorter prompt, or the numbers without --html");
        }
        ByteBuffer bytes = ByteBuffer.wrap(html().getBytes(StandardCharsets.UTF_8));
        AtomicFile.write(file, channel -> {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    String html() {
        Markup page = new Markup();
        page.raw("<!DOCTYPE html>\n");
        page.element("html lang=\"en\"", () -> {
            page.element("head", () -> head(page));
            page.element("body", () -> page.element("main", () -> body(page)));
        });
        return page.raw("\n").toString();
    }

    private void head(Markup page) {
        page.raw("<meta charset=\"utf-8\"/>");
        page.raw(
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>");
        page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>");
        page.element("title", "Inside " + insight.model());
        page.element("style", () -> page.raw(PageStyle.CSS));
    }

    private void body(Markup page) {
        page.element("h1", "Inside " + insight.model());
        page.element(
                "p",
                "This is what went on in a language model while it read a text. The page is a file of its own: it loads"
                        + " nothing, and works without a network.");
        text(page);
        insight.attention().ifPresent(attention -> new AttentionSection(insight.tokens(), attention).write(page));
        if (!insight.lens().isEmpty()) {
            lens(page);
        }
        next(page);
    }

    private void text(Markup page) {
        page.element("h2", "The text, in tokens");
        page.element("blockquote", prompt);
        page.element(
                "p",
                "A model does not read letters or words but tokens, pieces of text that are common enough to have a number. A ␣"
                        + " stands for a space, a ⏎ for the end of a line. The small figure is the token's place; we count from 0.");
        page.element("p class=\"tokens\"", () -> {
            for (int place = 0; place < insight.tokens().size(); place++) {
                token(page, insight.tokens().get(place), place);
                page.raw(" ");
            }
        });
    }

    private static void token(Markup page, Piece piece, int place) {
        page.element(
                "span class=\"token\"",
                () -> page.element("sub", String.valueOf(place)).text(piece.visible()));
    }

    private void lens(Markup page) {
        page.element("h2 id=\"lens\"", "What each layer would say next");
        page.element(
                "p",
                "A model works through its layers one after the other; each adds something to what is known about the last"
                        + " token. Only after the last layer is this turned into a guess at the next token. But one can turn it"
                        + " into a guess after every layer and look on while the answer comes about: this is called the logit"
                        + " lens. Guesses of the first layers are often nonsense, as nobody trained them to be read like this."
                        + " Look for the layer where the final answer shows up first, and for where it becomes certain.");
        List<Ranking> layers = insight.lens();
        scrolled(
                page,
                "What each layer would say next",
                () -> page.element("table class=\"lens\"", () -> {
                    page.element(
                            "caption",
                            "The " + Insight.OF_A_LAYER
                                    + " likeliest next tokens after each layer, with their probabilities");
                    page.element(
                            "thead",
                            () -> page.element("tr", () -> {
                                page.element("th scope=\"col\"", "layer");
                                for (int rank = 1; rank <= Insight.OF_A_LAYER; rank++) {
                                    page.element("th scope=\"col\"", "guess " + rank);
                                }
                            }));
                    page.element("tbody", () -> {
                        for (int layer = 0; layer < layers.size(); layer++) {
                            layer(page, layer, layers.get(layer));
                        }
                    });
                }));
    }

    private static void layer(Markup page, int layer, Ranking ranking) {
        page.element("tr", () -> {
            page.element("th scope=\"row\"", String.valueOf(layer));
            ranking.candidates()
                    .forEach(candidate -> page.element(
                            "td style=\"" + shade(candidate.probability()) + "\"",
                            () -> page.element(
                                            "span class=\"token\"",
                                            candidate.piece().visible())
                                    .raw(" ")
                                    .element("small", percent(candidate.probability()))));
        });
    }

    private void next(Markup page) {
        page.element("h2 id=\"next\"", "What comes next");
        page.element(
                "p",
                String.format(
                        Locale.ROOT,
                        "In the end each of the %,d tokens that the model knows gets a probability; together they make 100 %%. Here"
                                + " are the likeliest. To write on, one of them is chosen, put behind the text, and everything"
                                + " starts again. The logit is the number that the model computes; probabilities are made of all"
                                + " logits together.",
                        insight.vocabSize()));
        scrolled(
                page,
                "What comes next",
                () -> page.element("table class=\"next\"", () -> {
                    page.element("caption", "The likeliest next tokens");
                    page.element(
                            "thead",
                            () -> page.element(
                                    "tr",
                                    () -> List.of("token", "probability", "as a bar", "logit")
                                            .forEach(title -> page.element("th scope=\"col\"", title))));
                    page.element(
                            "tbody",
                            () -> insight.next().candidates().forEach(candidate -> candidate(page, candidate)));
                }));
    }

    private static void candidate(Markup page, Ranking.Candidate candidate) {
        page.element("tr", () -> {
            page.element(
                    "th scope=\"row\"",
                    () -> page.element("span class=\"token\"", candidate.piece().visible()));
            page.element("td", percent(candidate.probability()));
            page.element(
                    "td",
                    () -> page.element(
                            "div class=\"bar\" style=\"width:" + hundredths(candidate.probability()) + "%\"", ""));
            page.element("td", String.format(Locale.ROOT, "%.3f", candidate.logit()));
        });
    }

    /** A part that may be wider than the screen, which keys can move in once it has the focus. */
    static void scrolled(Markup page, String label, Runnable content) {
        page.element(
                "div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"" + Markup.escaped(label) + "\"",
                content);
    }

    /** How strong the colour of a cell is, for the style sheet. */
    static String shade(double share) {
        return "--share:" + hundredths(share) + "%";
    }

    static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String hundredths(double share) {
        return String.format(Locale.ROOT, "%.1f", 100 * share);
    }
}
