package io.orrery.engine.template;

import io.orrery.engine.template.Value.Items;
import io.orrery.engine.template.Value.Text;
import java.util.List;

/** {@code text % values}. */
final class PrintfFormat {
    private final String pattern;
    private final Value values;
    private final StringBuilder out = new StringBuilder();
    private int position;
    private int taken;

    private PrintfFormat(String pattern, Value values) {
        this.pattern = pattern;
        this.values = values;
    }

    static Text format(Text pattern, Value values) {
        PrintfFormat format = new PrintfFormat(pattern.value(), values);
        format.run();
        return pattern.withValue(format.out.toString());
    }

    private void run() {
        while (position < pattern.length()) {
            char c = pattern.charAt(position++);
            if (c != '%') {
                out.append(c);
            } else if (pattern.startsWith("%", position)) {
                out.append('%');
                position++;
            } else {
                placeholder();
            }
            Limits.text(out.length());
        }
        boolean mayBeLeft = values instanceof Value.Dict || (values instanceof Items items && !items.tuple());
        if (!mayBeLeft && taken < all().size()) {
            throw new TemplateException("not all arguments converted during string formatting");
        }
    }

    private void placeholder() {
        String key = "";
        if (pattern.startsWith("(", position)) {
            int end = pattern.indexOf(')', position);
            if (end < 0) {
                throw new TemplateException("incomplete format key");
            }
            key = pattern.substring(position + 1, end);
            position = end + 1;
        }
        int from = position;
        while (position < pattern.length() && "+-0123456789.".indexOf(pattern.charAt(position)) >= 0) {
            position++;
        }
        if (position == pattern.length()) {
            throw new TemplateException("incomplete format");
        }
        char type = pattern.charAt(position++);
        String spec = pattern.substring(from, position - 1);
        Value value = key.isEmpty() ? next() : Attributes.item(values, Text.of(key));
        Operators.defined(value);
        out.append(converted(spec, type, value));
    }

    private static String converted(String spec, char type, Value value) {
        String aligned = spec.startsWith("-") ? "<" + spec.substring(1) : spec;
        return switch (type) {
            case 'r' -> FormatSpec.of(aligned + "s").format(Text.of(PythonText.repr(value)));
            case 's' ->
                FormatSpec.of((spec.startsWith("-") ? "" : ">") + aligned + "s").format(Text.of(PythonText.str(value)));
            default -> FormatSpec.of(aligned + type).format(value);
        };
    }

    private Value next() {
        if (taken == all().size()) {
            throw new TemplateException("not enough arguments for format string");
        }
        return all().get(taken++);
    }

    private List<Value> all() {
        return values instanceof Items items && items.tuple() ? items.values() : List.of(values);
    }
}
