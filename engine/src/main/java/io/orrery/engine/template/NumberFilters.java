package io.orrery.engine.template;

import io.orrery.engine.template.Expression.Operator;
import io.orrery.engine.template.Filters.Filter;
import io.orrery.engine.template.Filters.Input;
import io.orrery.engine.template.Value.Decimal;
import io.orrery.engine.template.Value.Int;
import io.orrery.engine.template.Value.Text;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/** Filters that make numbers. */
final class NumberFilters {
    private NumberFilters() {}

    static void addTo(Map<String, Filter> filters) {
        filters.put("int", NumberFilters::integer);
        filters.put("float", NumberFilters::decimal);
        filters.put("abs", NumberFilters::absolute);
        filters.put("round", NumberFilters::round);
        filters.put("sum", NumberFilters::sum);
        filters.put("length", input -> new Int(Sequences.length(input.value())));
        filters.put("count", input -> new Int(Sequences.length(input.value())));
    }

    private static Value integer(Input input) {
        Arguments.Bound bound = input.bind("int", "default", "base");
        Value otherwise = bound.optional("default").orElse(new Int(0));
        int base = (int) Math.clamp(bound.integer("base", 10), Character.MIN_RADIX, Character.MAX_RADIX);
        Operators.defined(input.value());
        return switch (input.value()) {
            case Decimal(double number) -> Math.abs(number) < 0x1p63 ? new Int((long) number) : otherwise;
            case Text text -> parsed(PythonStrings.strip(text.value()).replace("_", ""), base, otherwise);
            case Value whole when Operators.isInteger(whole) -> new Int(Operators.integer(whole));
            default -> otherwise;
        };
    }

    private static Value parsed(String text, int base, Value otherwise) {
        try {
            String digits = base == 16 && text.regionMatches(true, 0, "0x", 0, 2) ? text.substring(2) : text;
            return new Int(Long.parseLong(digits, base));
        } catch (NumberFormatException notWhole) {
            double number = parsed(text);
            return Math.abs(number) < 0x1p63 ? new Int((long) number) : otherwise;
        }
    }

    /** The number that a text spells, NaN where it spells none. */
    private static double parsed(String text) {
        String plain = PythonStrings.strip(text).replace("_", "");
        boolean onlyJava =
                plain.isEmpty() || "dDfF".indexOf(plain.charAt(plain.length() - 1)) >= 0 || plain.contains("x");
        try {
            return onlyJava ? special(plain) : Double.parseDouble(plain);
        } catch (NumberFormatException notANumber) {
            return special(plain);
        }
    }

    private static double special(String text) {
        return switch (PythonStrings.lower(text)) {
            case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> Double.NaN;
        };
    }

    private static Value decimal(Input input) {
        Value otherwise = input.bind("float", "default").optional("default").orElse(new Decimal(0));
        Operators.defined(input.value());
        if (Operators.isNumber(input.value())) {
            return new Decimal(Operators.number(input.value()));
        }
        if (!(input.value() instanceof Text text)) {
            return otherwise;
        }
        double number = parsed(text.value());
        return Double.isNaN(number) && !PythonStrings.lower(text.value()).contains("nan")
                ? otherwise
                : new Decimal(number);
    }

    private static Value absolute(Input input) {
        input.bind("abs");
        return switch (input.value()) {
            case Decimal(double number) -> new Decimal(Math.abs(number));
            case Value whole
            when Operators.isInteger(whole) ->
                Operators.integer(whole) < 0 ? Operators.signed(true, whole) : new Int(Operators.integer(whole));
            default ->
                throw new TemplateException("bad operand type for abs(): '" + PythonText.typeName(input.value()) + "'");
        };
    }

    private static Value round(Input input) {
        Arguments.Bound bound = input.bind("round", "precision", "method");
        if (!Operators.isNumber(input.value())) {
            throw new TemplateException("type " + PythonText.typeName(input.value()) + " cannot be rounded");
        }
        int precision = (int) Math.clamp(bound.integer("precision", 0), -30, 30);
        String method = bound.text("method", "common");
        if (Operators.isInteger(input.value()) && method.equals("common")) {
            BigDecimal whole = new BigDecimal(Operators.integer(input.value()));
            return new Int(whole.setScale(Math.min(precision, 0), RoundingMode.HALF_EVEN)
                    .longValueExact());
        }
        RoundingMode mode = switch (method) {
            case "common" -> RoundingMode.HALF_EVEN;
            case "ceil" -> RoundingMode.CEILING;
            case "floor" -> RoundingMode.FLOOR;
            default -> throw new TemplateException("method must be common, ceil or floor");
        };
        double number = Operators.number(input.value());
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return new Decimal(number);
        }
        return new Decimal(new BigDecimal(number).setScale(precision, mode).doubleValue());
    }

    private static Value sum(Input input) {
        Arguments.Bound bound = input.bind("sum", "attribute", "start");
        Value total = bound.optional("start").orElse(new Int(0));
        for (Value each : Sequences.iterate(input.value())) {
            Value part = bound.present("attribute")
                    .map(path -> Paths.get(each, path))
                    .orElse(each);
            total = Operators.binary(Operator.ADD, total, part);
        }
        return total;
    }
}
