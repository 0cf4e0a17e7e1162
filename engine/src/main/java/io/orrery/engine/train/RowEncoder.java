package io.orrery.engine.train;

import io.orrery.engine.ops.Ops;
import io.orrery.engine.template.ChatFormat;
import io.orrery.engine.tokenizer.TokenizerException;
import java.util.Arrays;
import java.util.List;

/** Turns a row of a training file into examples. Immutable. */
final class RowEncoder {
    private final TextFormat format;

    RowEncoder(TextFormat format) {
        this.format = format;
    }

    /** One example as a rule; see {@link ChatEncoder} for when there are more. @throws RowException */
    List<Example> encode(Row row) {
        try {
            return switch (row) {
                case Row.Chat chat ->
                    new ChatEncoder(format.tokenizer(), chatFormat()).encode(chat.messages(), chat.tools());
                case Row.Completion completion -> List.of(completion(completion));
                case Row.Text text -> List.of(text(text));
            };
        } catch (TokenizerException e) {
            throw new RowException("", "the row cannot be tokenised: " + e.getMessage());
        }
    }

    private ChatFormat chatFormat() {
        return format.chat()
                .orElseThrow(() -> new RowException(
                        "/messages",
                        "the model has no chat template to render messages with; use prompt and completion, or text"));
    }

    /** Encoded together, as TRL does, for a tokenizer may begin every text with a space; a token of both is the completion's. */
    private Example completion(Row.Completion row) {
        int[] prompt = format.tokenizer().encode(row.prompt(), true);
        int[] tokens = ended(format.tokenizer().encode(row.prompt() + row.completion(), true));
        if (tokens.length == 0) {
            throw new RowException("/completion", "is empty, and so is the prompt");
        }
        int[] labels = tokens.clone();
        Arrays.fill(labels, 0, common(tokens, prompt), Ops.IGNORED);
        return new Example(tokens, labels);
    }

    /** How many tokens two encodings begin with in common. */
    static int common(int[] a, int[] b) {
        int mismatch = Arrays.mismatch(a, b);
        return mismatch < 0 ? a.length : mismatch;
    }

    private Example text(Row.Text row) {
        int[] tokens = ended(format.tokenizer().encode(row.text(), true));
        if (tokens.length == 0) {
            throw new RowException("/text", "is empty");
        }
        return Example.of(tokens);
    }

    private int[] ended(int[] tokens) {
        if (format.endToken().isEmpty()
                || tokens.length > 0
                        && tokens[tokens.length - 1] == format.endToken().getAsInt()) {
            return tokens;
        }
        int[] longer = Arrays.copyOf(tokens, tokens.length + 1);
        longer[tokens.length] = format.endToken().getAsInt();
        return longer;
    }
}
