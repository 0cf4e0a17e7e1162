package io.orrery.engine.template;

import io.orrery.engine.template.Value.Bool;
import io.orrery.engine.template.Value.Decimal;
import io.orrery.engine.template.Value.Dict;
import io.orrery.engine.template.Value.Int;
import io.orrery.engine.template.Value.Items;
import io.orrery.engine.template.Value.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The {@code tojson} of chat templates: Python's {@code json.dumps}, with no escaping for HTML. */
final class JsonText {
    private final boolean ascii;
    private final boolean sorted;
    private final Optional<String> indent;
    private final String betweenItems;
    private final String afterKey;
    private final StringBuilder out = new StringBuilder();

    private JsonText(Arguments.Bound options) {
        ascii = options.flag("ensure_ascii", false);
        sorted = options.flag("sort_keys", false);
        indent = options.present("indent").map(JsonText::indent);
        Optional<List<Value>> separators = options.present("separators").map(Sequences::iterate);
        if (separators.isPresent() && separators.get().size() != 2) {
            throw new TemplateException("tojson() separators must be two texts");
        }
        betweenItems = separators.map(pair -> PythonText.str(pair.get(0))).orElse(indent.isPresent() ? "," : ", ");
        afterKey = separators.map(pair -> PythonText.str(pair.get(1))).orElse(": ");
    }

    /** The arguments' names and order are those of transformers' {@code chat_template_utils.py}. */
    static String dumps(Value value, Arguments given) {
        JsonText json = new JsonText(given.bind("tojson", "ensure_ascii", "indent", "separators", "sort_keys"));
        json.write(value, 0);
        return json.out.toString();
    }

    private static String indent(Value value) {
        return value instanceof Text text ? text.value() : " ".repeat((int) Math.clamp(Sequences.index(value), 0, 64));
    }

    private void write(Value value, int level) {
        Limits.text(out.length());
        switch (value) {
            case Value.None _ -> out.append("null");
            case Bool(boolean flag) -> out.append(flag);
            case Int(long number) -> out.append(number);
            case Decimal(double number) -> out.append(decimal(number));
            case Text text -> string(text.value());
            case Items items -> items(items, level);
            case Dict dict -> dict(dict, level);
            default ->
                throw new TemplateException(
                        "Object of type " + PythonText.typeName(value) + " is not JSON serializable");
        }
    }

    private static String decimal(double number) {
        if (Double.isNaN(number)) {
            return "NaN";
        }
        return Double.isInfinite(number) ? (number > 0 ? "Infinity" : "-Infinity") : PythonText.decimal(number);
    }

    private void items(Items items, int level) {
        if (items.values().isEmpty()) {
            out.append("[]");
            return;
        }
        out.append('[');
        String separator = "";
        for (Value each : items.values()) {
            out.append(separator);
            newline(level + 1);
            write(each, level + 1);
            separator = betweenItems;
        }
        newline(level);
        out.append(']');
    }

    private void dict(Dict dict, int level) {
        if (dict.entries().isEmpty()) {
            out.append("{}");
            return;
        }
        List<Map.Entry<Value, Value>> entries = new ArrayList<>(dict.entries().entrySet());
        if (sorted) {
            entries.sort((a, b) -> Comparisons.order(a.getKey(), b.getKey()));
        }
        out.append('{');
        String separator = "";
        for (Map.Entry<Value, Value> entry : entries) {
            out.append(separator);
            newline(level + 1);
            string(key(entry.getKey()));
            out.append(afterKey);
            write(entry.getValue(), level + 1);
            separator = betweenItems;
        }
        newline(level);
        out.append('}');
    }

    private void newline(int level) {
        indent.ifPresent(each -> {
            Limits.text(out.length() + (long) each.length() * level);
            out.append('\n').append(each.repeat(level));
        });
    }

    private static String key(Value key) {
        return switch (key) {
            case Text text -> text.value();
            case Value.None _ -> "null";
            case Bool(boolean flag) -> String.valueOf(flag);
            case Int(long number) -> String.valueOf(number);
            case Decimal(double number) -> decimal(number);
            default ->
                throw new TemplateException(
                        "keys must be str, int, float, bool or None, not " + PythonText.typeName(key));
        };
    }

    private void string(String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            int simple = "\"\\\n\r\t\b\f".indexOf(c);
            if (simple >= 0) {
                out.append('\\').append("\"\\nrtbf".charAt(simple));
            } else if (c < 0x20 || (ascii && c > 0x7e)) {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
