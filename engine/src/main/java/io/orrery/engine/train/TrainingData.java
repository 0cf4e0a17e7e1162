package io.orrery.engine.train;

import io.orrery.engine.template.ChatFormat;
import io.orrery.engine.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * A training file as tokens and labels. A line is an object with {@code messages} (OpenAI's chat rows, weight 0 or 1 on an
 * assistant's), with {@code prompt} and {@code completion} (the completion is trained), or with {@code text}. Immutable.
 */
public final class TrainingData {
    private final List<Example> examples;
    private final Report report;

    TrainingData(List<Example> examples, Report report) {
        this.examples = List.copyOf(examples);
        this.report = report;
    }

    /**
     * What was found in a file.
     *
     * @param rows lines that hold an object
     * @param examples of them, after what has nothing to train was left out
     * @param tokens of the examples
     * @param trainedTokens of them, those that are learned in one pass
     * @param truncated examples that were cut to the longest length
     * @param masked examples left out because no token of them would be trained
     * @param duplicates examples that say the same as an earlier one; they stay
     * @param longest tokens of the longest example before it was cut
     */
    public record Report(
            int rows,
            int examples,
            long tokens,
            long trainedTokens,
            int truncated,
            int masked,
            int duplicates,
            int longest) {
        public Map<String, Object> toJson() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("rows", rows);
            json.put("examples", examples);
            json.put("tokens", tokens);
            json.put("trained_tokens", trainedTokens);
            json.put("truncated", truncated);
            json.put("masked", masked);
            json.put("duplicates", duplicates);
            json.put("longest", longest);
            return json;
        }

        @Override
        public String toString() {
            return "%d rows, %d tokens of which %d are trained, longest %d; %d cut off, %d left out with nothing to train, %d duplicates"
                    .formatted(rows, tokens, trainedTokens, longest, truncated, masked, duplicates);
        }
    }

    /** With the end token that the chat format names. */
    public static TrainingData read(Path jsonl, Tokenizer tokenizer, Optional<ChatFormat> chat, int maxLength) {
        return read(jsonl, TextFormat.of(tokenizer, chat), maxLength);
    }

    /**
     * @param maxLength tokens of an example, of which the rest is cut off
     * @throws TrainingDataException with the line, the place and the cause of each wrong row
     * @throws TrainingException where the file cannot be trained on as a whole
     */
    public static TrainingData read(Path jsonl, TextFormat format, int maxLength) {
        ExampleCollector collector = new ExampleCollector(new RowEncoder(format), maxLength);
        String file = String.valueOf(jsonl.getFileName());
        forEachRow(jsonl, row -> collector.add(row));
        return collector.finish(file);
    }

    /**
     * Looks at every row as far as that needs no model: whether it is JSON in one of the shapes.
     *
     * @return rows in the file, at least one
     * @throws TrainingDataException as {@link #read}
     * @throws TrainingException as {@link #read}
     */
    public static int check(Path jsonl) {
        int rows = forEachRow(jsonl, row -> {});
        if (rows == 0) {
            throw new TrainingException(TrainingException.Cause.DATA, jsonl.getFileName() + " has no rows");
        }
        return rows;
    }

    private static int forEachRow(Path jsonl, Consumer<Row> taker) {
        List<TrainingDataException.Problem> problems = new ArrayList<>();
        int rows = 0;
        try (JsonLines lines = JsonLines.open(jsonl)) {
            while (lines.hasNext() && problems.size() < TrainingDataException.MOST_PROBLEMS) {
                try {
                    Optional<JsonNode> line = lines.next();
                    if (line.isPresent()) {
                        taker.accept(Row.of(line.get()));
                        rows++;
                    }
                } catch (RowException e) {
                    problems.add(e.at(lines.line()));
                }
            }
        }
        if (!problems.isEmpty()) {
            throw new TrainingDataException(String.valueOf(jsonl.getFileName()), problems);
        }
        return rows;
    }

    public List<Example> examples() {
        return examples;
    }

    public Report report() {
        return report;
    }
}
