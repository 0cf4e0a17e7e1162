package io.orrery.engine.template;

import io.orrery.engine.template.Value.Bool;
import io.orrery.engine.template.Value.Callable;
import io.orrery.engine.template.Value.Int;
import io.orrery.engine.template.Value.Items;
import io.orrery.engine.template.Value.Text;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;

/** Methods of {@code str}. */
final class StringMethods {
    /** What computes a method from the string and its arguments. */
    private interface Method {
        Value call(Text text, Arguments arguments);
    }

    private static final Map<String, Method> METHODS = Map.ofEntries(
            Map.entry("strip", (text, given) -> strip(text, given, true, true)),
            Map.entry("lstrip", (text, given) -> strip(text, given, true, false)),
            Map.entry("rstrip", (text, given) -> strip(text, given, false, true)),
            changing("upper", PythonStrings::upper),
            changing("lower", PythonStrings::lower),
            changing("casefold", PythonStrings::lower),
            changing("swapcase", PythonStrings::swapCase),
            changing("title", PythonStrings::title),
            changing("capitalize", PythonStrings::capitalize),
            Map.entry("split", (text, given) -> split(text, given, false)),
            Map.entry("rsplit", (text, given) -> split(text, given, true)),
            Map.entry("splitlines", StringMethods::lines),
            Map.entry("partition", (text, given) -> partition(text, given, false)),
            Map.entry("rpartition", (text, given) -> partition(text, given, true)),
            Map.entry("startswith", (text, given) -> affix(text, given, true)),
            Map.entry("endswith", (text, given) -> affix(text, given, false)),
            Map.entry("removeprefix", (text, given) -> remove(text, given, true)),
            Map.entry("removesuffix", (text, given) -> remove(text, given, false)),
            Map.entry("replace", StringMethods::replace),
            Map.entry("join", StringMethods::join),
            Map.entry("format", StringFormat::format),
            Map.entry("count", StringMethods::count),
            Map.entry("find", (text, given) -> find(text, given, false)),
            Map.entry("rfind", (text, given) -> find(text, given, true)),
            Map.entry("index", StringMethods::index),
            Map.entry("zfill", StringMethods::zeroFill),
            Map.entry("ljust", (text, given) -> justify(text, given, 1)),
            Map.entry("rjust", (text, given) -> justify(text, given, 0)),
            Map.entry("center", (text, given) -> justify(text, given, 2)),
            asking("isdigit", Character::isDigit),
            asking("isdecimal", Character::isDigit),
            asking("isnumeric", Character::isDigit),
            asking("isalpha", Character::isLetter),
            asking("isalnum", Character::isLetterOrDigit),
            asking("isspace", c -> PythonStrings.isSpace((char) c)),
            Map.entry(
                    "isupper",
                    (text, _) -> new Bool(isCase(text.value(), Character::isUpperCase, Character::isLowerCase))),
            Map.entry(
                    "islower",
                    (text, _) -> new Bool(isCase(text.value(), Character::isLowerCase, Character::isUpperCase))));

    private StringMethods() {}

    static Optional<Value> of(Text text, String name) {
        Method method = METHODS.get(name);
        return method == null ? Optional.empty() : Optional.of((Callable) given -> method.call(text, given));
    }

    private static Map.Entry<String, Method> changing(String name, Function<String, String> change) {
        return Map.entry(name, (text, given) -> {
            given.bind(name);
            return text.withValue(change.apply(text.value()));
        });
    }

    private static Map.Entry<String, Method> asking(String name, IntPredicate holds) {
        return Map.entry(name, (text, given) -> {
            given.bind(name);
            return new Bool(!text.value().isEmpty() && text.value().codePoints().allMatch(holds));
        });
    }

    private static boolean isCase(String text, IntPredicate wanted, IntPredicate other) {
        return text.codePoints().anyMatch(wanted) && text.codePoints().noneMatch(other);
    }

    static Text strip(Text text, Arguments given, boolean left, boolean right) {
        Optional<Value> set = given.bind("strip", "chars").present("chars");
        String result = text.value();
        if (set.isEmpty()) {
            result = right ? PythonStrings.stripRight(result) : result;
            return text.withValue(left ? PythonStrings.stripLeft(result) : result);
        }
        String chars = given.bind("strip", "chars").text("chars");
        result = right ? PythonStrings.stripRight(result, chars) : result;
        return text.withValue(left ? PythonStrings.stripLeft(result, chars) : result);
    }

    static Items texts(List<String> parts) {
        return Items.list(parts.stream().map(part -> (Value) Text.of(part)).toList());
    }

    private static Value split(Text text, Arguments given, boolean fromRight) {
        Arguments.Bound bound = given.bind("split", "sep", "maxsplit");
        long most = bound.integer("maxsplit", -1);
        if (bound.present("sep").isEmpty()) {
            return texts(PythonStrings.words(text.value(), most));
        }
        String separator = bound.text("sep");
        return texts(
                fromRight
                        ? PythonStrings.splitFromRight(text.value(), separator, most)
                        : PythonStrings.split(text.value(), separator, most));
    }

    private static Value lines(Text text, Arguments given) {
        boolean keepEnds = given.bind("splitlines", "keepends").flag("keepends", false);
        return texts(PythonStrings.lines(text.value(), keepEnds));
    }

    private static Value partition(Text text, Arguments given, boolean last) {
        String separator = given.bind("partition", "sep").text("sep");
        String all = text.value();
        if (separator.isEmpty()) {
            throw new TemplateException("empty separator");
        }
        int at = last ? all.lastIndexOf(separator) : all.indexOf(separator);
        if (at < 0) {
            return last ? Items.tuple(Text.of(""), Text.of(""), text) : Items.tuple(text, Text.of(""), Text.of(""));
        }
        return Items.tuple(
                Text.of(all.substring(0, at)), Text.of(separator), Text.of(all.substring(at + separator.length())));
    }

    private static Value affix(Text text, Arguments given, boolean prefix) {
        String name = prefix ? "startswith" : "endswith";
        Value wanted = given.bind(name, "prefix").required("prefix");
        List<Value> any = wanted instanceof Items items && items.tuple() ? items.values() : List.of(wanted);
        for (Value each : any) {
            if (!(each instanceof Text part)) {
                throw new TemplateException(
                        name + " first arg must be str or a tuple of str, not " + PythonText.typeName(each));
            }
            if (prefix ? text.value().startsWith(part.value()) : text.value().endsWith(part.value())) {
                return new Bool(true);
            }
        }
        return new Bool(false);
    }

    private static Value remove(Text text, Arguments given, boolean prefix) {
        String part =
                given.bind(prefix ? "removeprefix" : "removesuffix", "part").text("part");
        String all = text.value();
        boolean found = prefix ? all.startsWith(part) : all.endsWith(part);
        if (!found) {
            return text;
        }
        return text.withValue(prefix ? all.substring(part.length()) : all.substring(0, all.length() - part.length()));
    }

    private static Value replace(Text text, Arguments given) {
        Arguments.Bound bound = given.bind("replace", "old", "new", "count");
        return text.withValue(
                PythonStrings.replace(text.value(), bound.text("old"), bound.text("new"), bound.integer("count", -1)));
    }

    private static Value join(Text text, Arguments given) {
        List<Value> parts = Sequences.iterate(given.bind("join", "iterable").required("iterable"));
        for (Value part : parts) {
            if (!(part instanceof Text)) {
                throw new TemplateException(
                        "sequence item: expected str instance, " + PythonText.typeName(part) + " found");
            }
        }
        return text.withValue(join(text.value(), parts));
    }

    /** The values as text with a separator between them, of bounded length. */
    static String join(String separator, List<Value> parts) {
        StringBuilder out = new StringBuilder();
        String between = "";
        for (Value part : parts) {
            out.append(between).append(PythonText.str(part));
            Limits.text(out.length());
            between = separator;
        }
        return out.toString();
    }

    private static Value count(Text text, Arguments given) {
        String part = given.bind("count", "sub").text("sub");
        return part.isEmpty()
                ? new Int(Sequences.length(text) + 1)
                : new Int(PythonStrings.split(text.value(), part, -1).size() - 1L);
    }

    private static Value find(Text text, Arguments given, boolean last) {
        String part = given.bind("find", "sub").text("sub");
        int at = last ? text.value().lastIndexOf(part) : text.value().indexOf(part);
        return new Int(at < 0 ? -1 : text.value().codePointCount(0, at));
    }

    private static Value index(Text text, Arguments given) {
        Value at = find(text, given, false);
        if (at.equals(new Int(-1))) {
            throw new TemplateException("substring not found");
        }
        return at;
    }

    private static Value zeroFill(Text text, Arguments given) {
        long missing = given.bind("zfill", "width").integer("width", 0) - Sequences.length(text);
        Limits.text(missing);
        String sign = text.value().startsWith("-") || text.value().startsWith("+")
                ? text.value().substring(0, 1)
                : "";
        return missing <= 0
                ? text
                : text.withValue(sign + "0".repeat((int) missing) + text.value().substring(sign.length()));
    }

    /** @param side 0 pads on the left, 1 on the right, 2 on both */
    static Text justify(Text text, Arguments given, int side) {
        Arguments.Bound bound = given.bind("justify", "width", "fillchar");
        long missing = Math.max(0, bound.integer("width", 80) - Sequences.length(text));
        Limits.text(missing);
        String fill = bound.text("fillchar", " ");
        if (fill.codePointCount(0, fill.length()) != 1) {
            throw new TemplateException("The fill character must be exactly one character long");
        }
        long left = side == 0 ? missing : side == 1 ? 0 : missing / 2 + (missing & bound.integer("width", 80) & 1);
        return text.withValue(
                List.of(fill.repeat((int) left), text.value(), fill.repeat((int) (missing - left))).stream()
                        .collect(Collectors.joining()));
    }
}
