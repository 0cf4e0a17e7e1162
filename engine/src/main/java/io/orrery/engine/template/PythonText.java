package io.orrery.engine.template;

import io.orrery.engine.template.Value.Bool;
import io.orrery.engine.template.Value.Decimal;
import io.orrery.engine.template.Value.Dict;
import io.orrery.engine.template.Value.Int;
import io.orrery.engine.template.Value.Items;
import io.orrery.engine.template.Value.Text;
import java.math.BigDecimal;
import java.util.Map;

/** How Python writes values: {@code str} and {@code repr}. */
final class PythonText {
    private PythonText() {}

    static String str(Value value) {
        return switch (value) {
            case Text text -> text.value();
            case Value.Undefined _ -> "";
            default -> repr(value);
        };
    }

    static String repr(Value value) {
        StringBuilder out = new StringBuilder();
        repr(value, out);
        return out.toString();
    }

    private static void repr(Value value, StringBuilder out) {
        Limits.text(out.length());
        switch (value) {
            case Value.None _ -> out.append("None");
            case Bool(boolean flag) -> out.append(flag ? "True" : "False");
            case Int(long number) -> out.append(number);
            case Decimal(double number) -> out.append(decimal(number));
            case Text text -> quote(text.value(), out);
            case Items items -> items(items, out);
            case Dict dict -> dict(dict, out);
            case Value.Undefined _ -> out.append("Undefined");
            case Value.Namespace _, Value.Callable _, Value.Attributed _ ->
                throw new TemplateException("a " + typeName(value) + " cannot be printed");
        }
    }

    private static void items(Items items, StringBuilder out) {
        out.append(items.tuple() ? '(' : '[');
        String separator = "";
        for (Value each : items.values()) {
            out.append(separator);
            repr(each, out);
            separator = ", ";
        }
        out.append(items.tuple() ? (items.values().size() == 1 ? ",)" : ")") : "]");
    }

    private static void dict(Dict dict, StringBuilder out) {
        out.append('{');
        String separator = "";
        for (Map.Entry<Value, Value> entry : dict.entries().entrySet()) {
            out.append(separator);
            repr(entry.getKey(), out);
            out.append(": ");
            repr(entry.getValue(), out);
            separator = ", ";
        }
        out.append('}');
    }

    /** {@code repr(float)}: the shortest digits that read back the same, with an exponent below 1e-4 and from 1e16 on. */
    static String decimal(double number) {
        if (Double.isNaN(number)) {
            return "nan";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        if (number == 0) {
            return 1 / number < 0 ? "-0.0" : "0.0";
        }
        BigDecimal exact = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        int exponent = exact.precision() - exact.scale() - 1;
        if (exponent >= -4 && exponent < 16) {
            String plain = exact.toPlainString();
            return plain.indexOf('.') < 0 ? plain + ".0" : plain;
        }
        String digits = exact.unscaledValue().abs().toString();
        String mantissa = digits.length() == 1 ? digits : digits.charAt(0) + "." + digits.substring(1);
        String size = Math.abs(exponent) < 10 ? "0" + Math.abs(exponent) : String.valueOf(Math.abs(exponent));
        return (number < 0 ? "-" : "") + mantissa + (exponent < 0 ? "e-" : "e+") + size;
    }

    /** {@code repr(str)}: in single quotes unless it holds some and no double ones. */
    private static void quote(String text, StringBuilder out) {
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        for (int at = 0; at < text.length(); at += Character.charCount(text.codePointAt(at))) {
            int c = text.codePointAt(at);
            switch (c) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (c == quote) {
                        out.append('\\').append(quote);
                    } else if (isPrintable(c)) {
                        out.appendCodePoint(c);
                    } else {
                        out.append(String.format(c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
                    }
                }
            }
        }
        out.append(quote);
    }

    private static boolean isPrintable(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> c == ' ';
            default -> true;
        };
    }

    /** {@code type(value).__name__}. */
    static String typeName(Value value) {
        return switch (value) {
            case Value.None _ -> "NoneType";
            case Bool _ -> "bool";
            case Int _ -> "int";
            case Decimal _ -> "float";
            case Text _ -> "str";
            case Items items -> items.tuple() ? "tuple" : "list";
            case Dict _ -> "dict";
            case Value.Undefined _ -> "Undefined";
            case Value.Namespace _ -> "Namespace";
            case Value.Callable _ -> "function";
            case Value.Attributed _ -> "LoopContext";
        };
    }
}
