package io.orrery.cli.lens;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The part of a page that shows where a head looks: a heat map, and the same in words. */
record AttentionSection(List<Piece> tokens, Attention attention) {
    private static final int TOLD = 5;

    void write(Markup page) {
        page.element("h2 id=\"attention\"", "Where the tokens look");
        page.element(
                "p",
                "In every layer each token looks back: at itself and at the tokens before it, and takes something along from"
                        + " each. How much of it comes from which token is called attention. These shares add up to 100 % for"
                        + " each token. A token cannot see what comes after it, since that is what the model has to guess; so half"
                        + " of the picture is empty.");
        page.element(
                "p",
                "A layer has several heads that look at the same time, each for something else. This is head "
                        + attention.head() + " of the " + attention.heads() + " in layer " + attention.layer()
                        + ". Read a row from left to right: the token of the row looks at the tokens of the columns, and the"
                        + " stronger the colour of a cell, the more it takes from there. Point at a cell for its number, or move to a row by the"
                        + " tabulator key for all of its numbers. Much on the very first token is common: heads rest there when"
                        + " they find nothing.");
        InsightPage.scrolled(page, "Heat map of attention", () -> heatMap(page));
        page.element("details", () -> {
            page.element("summary", "The same as a table");
            InsightPage.scrolled(page, "Attention as a table", () -> told(page));
        });
    }

    private void heatMap(Markup page) {
        page.element("table class=\"heat\"", () -> {
            page.element(
                    "caption",
                    "Attention of layer " + attention.layer() + ", head " + attention.head()
                            + ": from rows to columns");
            page.element(
                    "thead",
                    () -> page.element("tr", () -> {
                        page.element("td", "");
                        for (int place = 0; place < tokens.size(); place++) {
                            page.element("th scope=\"col\"", label(place));
                        }
                    }));
            page.element("tbody", () -> {
                for (int from = 0; from < tokens.size(); from++) {
                    row(page, from);
                }
            });
        });
    }

    private Runnable labelled(Markup page, int place) {
        return () -> page.element("sub", String.valueOf(place))
                .text(tokens.get(place).visible());
    }

    private String label(int place) {
        return place + " " + tokens.get(place).visible();
    }

    private void row(Markup page, int from) {
        page.element("tr tabindex=\"0\"", () -> {
            page.element("th scope=\"row\"", labelled(page, from));
            for (int to = 0; to < tokens.size(); to++) {
                if (to > from) {
                    page.element("td class=\"unseen\"", "");
                } else {
                    cell(page, from, to);
                }
            }
        });
    }

    private void cell(Markup page, int from, int to) {
        double share = attention.share(from, to);
        String percent = InsightPage.percent(share);
        String title = Markup.escaped(label(from) + " → " + label(to) + ": " + percent);
        page.element(
                "td style=\"" + InsightPage.shade(share) + "\" title=\"" + title + "\"",
                () -> page.element("span", percent));
    }

    private void told(Markup page) {
        page.element("table", () -> {
            page.element("caption", "The " + TOLD + " tokens that each token takes most from");
            page.element(
                    "thead",
                    () -> page.element(
                            "tr",
                            () -> page.element("th scope=\"col\"", "token").element("th scope=\"col\"", "looks at")));
            page.element("tbody", () -> {
                for (int from = 0; from < tokens.size(); from++) {
                    int row = from;
                    page.element(
                            "tr",
                            () -> page.element("th scope=\"row\"", labelled(page, row))
                                    .element("td", most(row)));
                }
            });
        });
    }

    private String most(int from) {
        return IntStream.rangeClosed(0, from)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer to) -> -attention.share(from, to)))
                .limit(TOLD)
                .map(to -> label(to) + " (" + InsightPage.percent(attention.share(from, to)) + ")")
                .collect(Collectors.joining(", "));
    }
}
