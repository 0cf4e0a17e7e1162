package io.orrery.registry.oci;

import io.orrery.engine.template.ChatFormat;
import io.orrery.engine.template.TemplateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A chat template in the language of Ollama, which is Go's {@code text/template}. It is found by trying: conversations are rendered, and
 * what stands between their messages is taken for the format. Where that does not explain other conversations too, there is none.
 *
 * @param noSystem what a conversation begins with that has no system message
 * @param systemBefore what stands before a system message
 * @param userBefore what stands before what the user says
 * @param userAfter what stands between that and the answer
 * @param assistantAfter what stands after an answer
 */
record OllamaTemplate(
        String noSystem,
        String systemBefore,
        String systemAfter,
        String userBefore,
        String userAfter,
        String assistantAfter) {
    private static final Pattern MARK = Pattern.compile("\\s*(<[^<>\\s]{1,60}>|\\[[/A-Z_]{1,30}])");
    private static final List<String> SAID = List.of("Xsys0X", "Xusr1X", "Xast1X", "Xusr2X", "Xast2X", "Xusr3X");

    /** Empty where the format is not of this kind. */
    static Optional<OllamaTemplate> of(ChatFormat format) {
        try {
            Optional<OllamaTemplate> found = measured(format);
            return found.filter(OllamaTemplate::canBeWritten).filter(template -> template.explains(format));
        } catch (TemplateException refusing) {
            return Optional.empty();
        }
    }

    private static Optional<OllamaTemplate> measured(ChatFormat format) {
        Optional<List<String>> without = between(render(format, 1, 4), SAID.subList(1, 4));
        if (without.isEmpty()) {
            return Optional.empty();
        }
        String first = without.get().getFirst();
        String next = without.get().get(2);
        List<String> system = system(format).orElse(List.of(first, "\n\n"));
        String userBefore = commonEnd(List.of(first, next, system.get(1)));
        return Optional.of(new OllamaTemplate(
                withoutEnd(first, userBefore),
                system.get(0),
                withoutEnd(system.get(1), userBefore),
                userBefore,
                without.get().get(1),
                withoutEnd(next, userBefore)));
    }

    /** What stands before and after a system message; empty where the format has none, and it is said with the user's first words. */
    private static Optional<List<String>> system(ChatFormat format) {
        try {
            return between(render(format, 0, 2), SAID.subList(0, 2)).map(parts -> parts.subList(0, 2));
        } catch (TemplateException refused) {
            return Optional.empty();
        }
    }

    /** The template is right for longer conversations and for those without a system message. */
    private boolean explains(ChatFormat format) {
        boolean isFirstRight =
                render(1, 2).equals(render(format, 1, 2)) && render(1, 6).equals(render(format, 1, 6));
        return isFirstRight && (system(format).isEmpty() || render(0, 6).equals(render(format, 0, 6)));
    }

    private boolean canBeWritten() {
        return Stream.of(noSystem, systemBefore, systemAfter, userBefore, userAfter, assistantAfter)
                .noneMatch(part -> part.contains("{{") || part.contains("}}") || part.endsWith("{"));
    }

    private String render(int from, int to) {
        StringBuilder text = new StringBuilder(from == 0 ? systemBefore + SAID.getFirst() + systemAfter : noSystem);
        for (int i = Math.max(1, from); i < to; i++) {
            boolean isUser = i % 2 == 1;
            text.append(isUser ? userBefore : "").append(SAID.get(i)).append(isUser ? userAfter : assistantAfter);
        }
        return text.toString();
    }

    private static String render(ChatFormat format, int from, int to) {
        List<Map<String, Object>> messages = new ArrayList<>();
        for (int i = from; i < to; i++) {
            String role = i == 0 ? "system" : i % 2 == 1 ? "user" : "assistant";
            messages.add(Map.of("role", role, "content", SAID.get(i)));
        }
        return format.render(messages, true, Map.of());
    }

    /** The text before, between and after what was said; empty where something of it is missing or stands elsewhere. */
    private static Optional<List<String>> between(String text, List<String> said) {
        List<String> parts = new ArrayList<>();
        int at = 0;
        for (String words : said) {
            int found = text.indexOf(words, at);
            if (found < 0) {
                return Optional.empty();
            }
            parts.add(text.substring(at, found));
            at = found + words.length();
        }
        parts.add(text.substring(at));
        return Optional.of(parts);
    }

    private static String commonEnd(List<String> texts) {
        String first = texts.getFirst();
        int length = 0;
        while (length < first.length() && allEndWith(texts, first.substring(first.length() - length - 1))) {
            length++;
        }
        return first.substring(first.length() - length);
    }

    private static boolean allEndWith(List<String> texts, String end) {
        return texts.stream().allMatch(text -> text.endsWith(end));
    }

    private static String withoutEnd(String text, String end) {
        return text.substring(0, text.length() - end.length());
    }

    /** What a model writes when its answer is over, where the format shows it. */
    Optional<String> stop() {
        Matcher mark = MARK.matcher(assistantAfter + userBefore);
        return mark.lookingAt() ? Optional.of(mark.group(1)) : Optional.empty();
    }

    /** The text of the template; an answer that the last message begins is left open, as Ollama's own templates do. */
    String text() {
        return "{{ if .System }}" + systemBefore + "{{ .System }}" + systemAfter + "{{ else }}" + noSystem + "{{ end }}"
                + "{{ range $i, $m := .Messages }}{{ $last := eq (len (slice $.Messages $i)) 1 }}"
                + "{{ if eq $m.Role \"user\" }}" + userBefore + "{{ $m.Content }}" + userAfter
                + "{{ else if eq $m.Role \"assistant\" }}{{ $m.Content }}{{ if not $last }}" + assistantAfter
                + "{{ end }}{{ end }}{{ end }}";
    }
}
