package io.orrery.engine.template;

import io.orrery.engine.template.Value.Int;
import io.orrery.engine.template.Value.Text;

/** {@code str.format}: placeholders by position or name, with attributes and items, and the simple specifications. */
final class StringFormat {
    private final String pattern;
    private final Arguments arguments;
    private final StringBuilder out = new StringBuilder();
    private int position;
    private int taken;

    private StringFormat(String pattern, Arguments arguments) {
        this.pattern = pattern;
        this.arguments = arguments;
    }

    static Value format(Text pattern, Arguments arguments) {
        StringFormat format = new StringFormat(pattern.value(), arguments);
        format.run();
        return pattern.withValue(format.out.toString());
    }

    private void run() {
        while (position < pattern.length()) {
            char c = pattern.charAt(position++);
            boolean doubled = (c == '{' || c == '}') && pattern.startsWith(String.valueOf(c), position);
            if (doubled) {
                position++;
                out.append(c);
            } else if (c == '{') {
                placeholder();
            } else if (c == '}') {
                throw new TemplateException("Single '}' encountered in format string");
            } else {
                out.append(c);
            }
            Limits.text(out.length());
        }
    }

    private void placeholder() {
        int end = pattern.indexOf('}', position);
        if (end < 0) {
            throw new TemplateException("expected '}' before end of string");
        }
        String field = pattern.substring(position, end);
        position = end + 1;
        int colon = field.indexOf(':');
        String spec = colon < 0 ? "" : field.substring(colon + 1);
        String name = colon < 0 ? field : field.substring(0, colon);
        boolean quoted = name.endsWith("!r");
        String path = name.endsWith("!s") || quoted ? name.substring(0, name.length() - 2) : name;
        Value value = value(path);
        out.append(FormatSpec.of(spec).format(quoted ? Text.of(PythonText.repr(value)) : value));
    }

    private Value value(String path) {
        int end = 0;
        while (end < path.length() && ".[".indexOf(path.charAt(end)) < 0) {
            end++;
        }
        Value value = argument(path.substring(0, end));
        for (String part :
                PythonStrings.split(path.substring(end).replace("[", ".").replace("]", ""), ".", -1)) {
            if (!part.isEmpty()) {
                value = Attributes.item(value, isNumber(part) ? new Int(Long.parseLong(part)) : Text.of(part));
            }
        }
        return value;
    }

    private Value argument(String name) {
        if (name.isEmpty() || isNumber(name)) {
            int index = name.isEmpty() ? taken++ : Integer.parseInt(name);
            if (index >= arguments.positional().size()) {
                throw new TemplateException("Replacement index " + index + " out of range for positional args tuple");
            }
            return arguments.positional().get(index);
        }
        Value named = arguments.named().get(name);
        if (named == null) {
            throw new TemplateException("format() has no argument '" + name + "'");
        }
        return named;
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.length() < 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
