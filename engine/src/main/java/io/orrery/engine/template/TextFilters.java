package io.orrery.engine.template;

import io.orrery.engine.template.Filters.Filter;
import io.orrery.engine.template.Filters.Input;
import io.orrery.engine.template.Value.Int;
import io.orrery.engine.template.Value.Text;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Filters that make text. */
final class TextFilters {
    /** Jinja's own idea of a word. */
    private static final Pattern WORD = Pattern.compile("\\w+", Pattern.UNICODE_CHARACTER_CLASS);

    private TextFilters() {}

    static void addTo(Map<String, Filter> filters) {
        changing(filters, "upper", PythonStrings::upper);
        changing(filters, "lower", PythonStrings::lower);
        changing(filters, "capitalize", PythonStrings::capitalize);
        changing(filters, "title", TextFilters::title);
        filters.put(
                "string", input -> input.value() instanceof Text text ? text : Text.of(PythonText.str(input.value())));
        filters.put("trim", input -> StringMethods.strip(soft(input.value()), input.arguments(), true, true));
        filters.put("tojson", input -> Text.of(JsonText.dumps(input.value(), input.arguments())));
        filters.put("safe", input -> new Text(PythonText.str(input.value()), true));
        filters.put("e", input -> Html.escape(soft(input.value())));
        filters.put("escape", input -> Html.escape(soft(input.value())));
        filters.put("forceescape", input -> Html.escape(Text.of(PythonText.str(input.value()))));
        filters.put("replace", TextFilters::replace);
        filters.put("indent", TextFilters::indent);
        filters.put("format", TextFilters::format);
        filters.put("center", input -> StringMethods.justify(soft(input.value()), input.arguments(), 2));
        filters.put("wordcount", input -> words(soft(input.value()).value()));
        filters.put("truncate", TextFilters::truncate);
        filters.put("urlencode", input -> Text.of(urlEncoded(PythonText.str(input.value()))));
    }

    private static void changing(Map<String, Filter> filters, String name, Function<String, String> change) {
        filters.put(name, input -> {
            input.bind(name);
            Text text = soft(input.value());
            return text.withValue(change.apply(text.value()));
        });
    }

    /** Text as it is, anything else as it prints. */
    private static Text soft(Value value) {
        return value instanceof Text text ? text : Text.of(PythonText.str(value));
    }

    /** The filter, unlike the method, keeps letters after an apostrophe small: words begin after space, {@code -([{<}. */
    private static String title(String text) {
        StringBuilder out = new StringBuilder(text.length());
        boolean first = true;
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            int c = text.codePointAt(at);
            out.appendCodePoint(first ? Character.toUpperCase(c) : Character.toLowerCase(c));
            first = "-([{<".indexOf(c) >= 0 || PythonStrings.isSpace((char) c);
        }
        return out.toString();
    }

    private static Value replace(Input input) {
        Arguments.Bound bound = input.bind("replace", "old", "new", "count");
        Text text = soft(input.value());
        long count = bound.present("count").map(Sequences::index).orElse(-1L);
        String old = PythonText.str(bound.required("old"));
        return text.withValue(PythonStrings.replace(text.value(), old, PythonText.str(bound.required("new")), count));
    }

    private static Value indent(Input input) {
        Arguments.Bound bound = input.bind("indent", "width", "first", "blank");
        Operators.defined(input.value());
        if (!(input.value() instanceof Text text)) {
            throw new TemplateException("indent() takes a str, not " + PythonText.typeName(input.value()));
        }
        String space = bound.optional("width").orElse(new Int(4)) instanceof Text chosen
                ? chosen.value()
                : " ".repeat((int) Math.clamp(bound.integer("width", 4), 0, 1000));
        boolean blank = bound.flag("blank", false);
        List<String> lines = PythonStrings.lines(text.value() + "\n", false);
        Limits.text((long) lines.size() * space.length() + text.value().length());
        String rest = lines.stream()
                .skip(1)
                .map(line -> line.isEmpty() && !blank ? "\n" : "\n" + space + line)
                .collect(Collectors.joining());
        String first = lines.isEmpty() ? "" : lines.getFirst();
        return text.withValue((bound.flag("first", false) ? space : "") + first + rest);
    }

    private static Value format(Input input) {
        Arguments given = input.arguments();
        Value values = given.named().isEmpty() ? Value.Items.of(given.positional(), true) : Value.of(given.named());
        return PrintfFormat.format(soft(input.value()), values);
    }

    private static Value words(String text) {
        return new Int(WORD.matcher(text).results().count());
    }

    private static Value truncate(Input input) {
        Arguments.Bound bound = input.bind("truncate", "length", "killwords", "end", "leeway");
        long length = bound.integer("length", 255);
        String end = bound.text("end", "...");
        Text text = soft(input.value());
        if (Sequences.length(text) <= length + bound.integer("leeway", 5)) {
            return text;
        }
        long kept = Math.max(0, length - Sequences.length(Text.of(end)));
        String start = text.value().substring(0, text.value().offsetByCodePoints(0, (int) kept));
        int space = start.lastIndexOf(' ');
        boolean whole = bound.flag("killwords", false) || space < 0;
        return text.withValue((whole ? start : start.substring(0, space)) + end);
    }

    private static String urlEncoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/")
                .replace("%7E", "~")
                .replace("*", "%2A");
    }
}
