package io.orrery.cli.lens;

import io.orrery.cli.terminal.Table;
import io.orrery.cli.terminal.Terminal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What was seen, in numbers. */
public record InsightView(Insight insight) {
    /** One object a token's attention, one a layer, one a candidate for the next token. */
    public void json(Terminal terminal) {
        insight.attention()
                .ifPresent(attention -> IntStream.range(0, attention.shares().size())
                        .forEach(row -> terminal.json(attention(attention, row))));
        IntStream.range(0, insight.lens().size()).forEach(layer -> terminal.json(layer(layer)));
        insight.next().candidates().forEach(candidate -> terminal.json(candidate.toJson()));
    }

    private Map<String, Object> attention(Attention attention, int row) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("layer", attention.layer());
        line.put("head", attention.head());
        line.put("position", row);
        line.put("token", insight.tokens().get(row).token());
        line.put("attention", attention.shares().get(row));
        return line;
    }

    private Map<String, Object> layer(int layer) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("layer", layer);
        line.put(
                "lens",
                insight.lens().get(layer).candidates().stream()
                        .map(Ranking.Candidate::toJson)
                        .toList());
        return line;
    }

    /** The same as tables. */
    public List<String> tables() {
        List<String> lines = new ArrayList<>();
        insight.attention().ifPresent(attention -> {
            lines.add("Attention of layer " + attention.layer() + ", head " + attention.head()
                    + ": how much the token of a row takes from each before it, in hundredths");
            lines.addAll(table(attention).lines());
            lines.add("");
        });
        if (!insight.lens().isEmpty()) {
            lines.add("What each layer would say next");
            lines.addAll(lens().lines());
            lines.add("");
        }
        lines.add("What comes next");
        Table next = new Table("TOKEN", "PROBABILITY", "LOGIT");
        insight.next()
                .candidates()
                .forEach(candidate -> next.row(
                        candidate.piece().visible(),
                        String.format(Locale.ROOT, "%.4f", candidate.probability()),
                        String.format(Locale.ROOT, "%.4f", candidate.logit())));
        lines.addAll(next.lines());
        return lines;
    }

    private Table table(Attention attention) {
        int tokens = insight.tokens().size();
        Table table =
                new Table(Stream.concat(Stream.of(""), insight.tokens().stream().map(Piece::visible))
                        .toArray(String[]::new));
        for (int row = 0; row < tokens; row++) {
            int from = row;
            table.row(Stream.concat(
                            Stream.of(insight.tokens().get(row).visible()),
                            IntStream.range(0, tokens)
                                    .mapToObj(to -> to > from ? "" : hundredths(attention.share(from, to))))
                    .toArray(String[]::new));
        }
        return table;
    }

    private static String hundredths(float share) {
        return String.valueOf(Math.round(100 * share));
    }

    private Table lens() {
        Table table = new Table("LAYER", "LIKELIEST, WITH ITS PROBABILITY", "SECOND", "THIRD");
        for (int layer = 0; layer < insight.lens().size(); layer++) {
            List<String> cells = new ArrayList<>(List.of(String.valueOf(layer)));
            insight.lens().get(layer).candidates().stream()
                    .limit(3)
                    .forEach(candidate -> cells.add(candidate.piece().visible() + " "
                            + String.format(Locale.ROOT, "%.3f", candidate.probability())));
            while (cells.size() < 4) {
                cells.add("");
            }
            table.row(cells.toArray(String[]::new));
        }
        return table;
    }
}
