package io.orrery.engine.generate;

import io.orrery.engine.template.ChatFormat;
import io.orrery.engine.tokenizer.Tokenizer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Turns messages into a prompt's tokens. The template's control tokens become tokens; the same text inside a message stays text, so
 * that nobody ends a turn or begins one by writing it. Immutable.
 */
public final class ChatPrompt {
    /** Stands where a control token's text inside a message is cut in two; no text holds it, since Unicode keeps it unassigned. */
    private static final char CUT = '\uFDD0';

    private final Tokenizer tokenizer;
    private final ChatFormat format;
    private final List<String> control;

    public ChatPrompt(Tokenizer tokenizer, ChatFormat format) {
        this.tokenizer = tokenizer;
        this.format = format;
        this.control = IntStream.range(0, tokenizer.vocabSize())
                .filter(tokenizer::isSpecial)
                .mapToObj(tokenizer::token)
                .filter(token -> token.codePointCount(0, token.length()) > 1)
                .sorted(Comparator.comparing(String::length).reversed())
                .toList();
    }

    /**
     * @param messages maps with {@code role} and {@code content}, as the template reads them
     * @param extra further variables of the template, such as {@code enable_thinking}
     * @throws io.orrery.engine.template.TemplateException where the template refuses them
     */
    public int[] encode(List<Map<String, Object>> messages, Map<String, ?> extra) {
        List<Map<String, Object>> safe = messages.stream().map(this::cut).toList();
        Map<String, Object> safeExtra = new HashMap<>(extra);
        safeExtra.replaceAll((_, value) -> value instanceof String text ? cut(text) : value);
        IntStream.Builder ids = IntStream.builder();
        for (String piece : format.render(safe, true, safeExtra).split(String.valueOf(CUT))) {
            for (int id : tokenizer.encode(piece, false)) {
                ids.add(id);
            }
        }
        return ids.build().toArray();
    }

    private Map<String, Object> cut(Map<String, Object> message) {
        Map<String, Object> safe = new HashMap<>(message);
        safe.computeIfPresent("content", (_, content) -> content instanceof String text ? cut(text) : content);
        safe.computeIfPresent("name", (_, name) -> name instanceof String text ? cut(text) : name);
        return safe;
    }

    private String cut(String text) {
        String safe = text.replace(CUT, '\uFFFD');
        for (String token : control) {
            if (safe.contains(token)) {
                int middle = token.offsetByCodePoints(0, 1);
                safe = safe.replace(token, token.substring(0, middle) + CUT + token.substring(middle));
            }
        }
        return safe;
    }
}
