package io.orrery.engine.train;

import io.orrery.engine.ops.Ops;
import io.orrery.engine.template.ChatFormat;
import io.orrery.engine.template.TemplateException;
import io.orrery.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A conversation as tokens, and a label on those that the assistant wrote. Which they are is found by rendering: a turn
 * begins where the prompt that asks for it ends (a token of both is the turn's), and ends where the conversation up to it does. So it holds for every
 * template, and the model is trained on what it will be asked to write.
 *
 * <p>Some templates render a turn otherwise once others follow (Qwen3 leaves out earlier thoughts); such a turn gets an
 * example of its own that ends with it. Immutable.
 */
final class ChatEncoder {
    private final Tokenizer tokenizer;
    private final ChatFormat format;

    ChatEncoder(Tokenizer tokenizer, ChatFormat format) {
        this.tokenizer = tokenizer;
        this.format = format;
    }

    /** The text up to a turn, and up to its end. */
    private record Turn(String before, String after) {}

    /** @param tools missing where there are none. @throws RowException where the template refuses the conversation */
    List<Example> encode(Messages messages, JsonNode tools) {
        Map<String, Object> extra = tools.isArray() ? Map.of("tools", Messages.plain(tools)) : Map.of();
        String whole = render(messages, messages.values().size(), false, extra);
        List<Turn> joint = new ArrayList<>();
        List<Example> examples = new ArrayList<>();
        for (int i = 0; i < messages.values().size(); i++) {
            if (messages.trained().get(i)) {
                Turn turn = turn(messages, i, extra);
                if (whole.startsWith(turn.after())) {
                    joint.add(turn);
                } else {
                    examples.add(example(turn.after(), List.of(turn)));
                }
            }
        }
        if (examples.isEmpty() || !joint.isEmpty()) {
            examples.add(example(whole, joint));
        }
        return examples;
    }

    private Turn turn(Messages messages, int i, Map<String, Object> extra) {
        String after = render(messages, i + 1, false, extra);
        if (i == 0) {
            return new Turn("", after);
        }
        for (boolean generation : new boolean[] {true, false}) {
            String before = render(messages, i, generation, extra);
            if (after.startsWith(before)) {
                return new Turn(before, after);
            }
        }
        throw new RowException(
                "/messages/" + i,
                "the chat template does not render this reply as a continuation of what comes before it, so its tokens cannot be told from the prompt's");
    }

    private String render(Messages messages, int count, boolean generation, Map<String, Object> extra) {
        try {
            return format.render(messages.values().subList(0, count), generation, extra);
        } catch (TemplateException e) {
            throw new RowException("/messages", "the chat template refuses the conversation: " + e.getMessage());
        }
    }

    private Example example(String text, List<Turn> turns) {
        int[] tokens = tokenizer.encode(text, false);
        if (tokens.length == 0) {
            throw new RowException("/messages", "the chat template renders nothing");
        }
        int[] labels = new int[tokens.length];
        Arrays.fill(labels, Ops.IGNORED);
        for (Turn turn : turns) {
            int from = RowEncoder.common(tokens, tokenizer.encode(turn.before(), false));
            int to = RowEncoder.common(tokens, tokenizer.encode(turn.after(), false));
            int end = end(tokens, from, to);
            System.arraycopy(tokens, from, labels, from, Math.max(0, end - from));
        }
        return new Example(tokens, labels);
    }

    /** After the turn's end token: the line break that templates put behind it is never generated. */
    private int end(int[] tokens, int from, int to) {
        int special = lastSpecial(tokens, from, to);
        boolean blank = special >= 0
                && tokenizer
                        .decode(Arrays.copyOfRange(tokens, special + 1, to), false)
                        .isBlank();
        return blank ? special + 1 : to;
    }

    /** The last special token of a range, or -1. */
    private int lastSpecial(int[] tokens, int from, int to) {
        for (int i = to - 1; i >= from; i--) {
            if (tokenizer.isSpecial(tokens[i])) {
                return i;
            }
        }
        return -1;
    }
}
