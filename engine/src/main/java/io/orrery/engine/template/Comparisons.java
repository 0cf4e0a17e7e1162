package io.orrery.engine.template;

import io.orrery.engine.template.Value.Dict;
import io.orrery.engine.template.Value.Items;
import io.orrery.engine.template.Value.Text;
import io.orrery.engine.template.Value.Undefined;
import java.util.List;
import java.util.Map;

/** Python's equality and order of values. */
final class Comparisons {
    private Comparisons() {}

    static boolean equal(Value a, Value b) {
        if (Operators.isNumber(a) && Operators.isNumber(b)) {
            boolean whole = Operators.isInteger(a) && Operators.isInteger(b);
            return whole ? Operators.integer(a) == Operators.integer(b) : Operators.number(a) == Operators.number(b);
        }
        if (a instanceof Text left && b instanceof Text right) {
            return left.value().equals(right.value());
        }
        if (a instanceof Items left && b instanceof Items right) {
            return left.tuple() == right.tuple() && equalLists(left.values(), right.values());
        }
        if (a instanceof Dict left && b instanceof Dict right) {
            return equalDicts(left, right);
        }
        return a instanceof Undefined ? b instanceof Undefined : a.equals(b);
    }

    private static boolean equalLists(List<Value> a, List<Value> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!equal(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean equalDicts(Dict a, Dict b) {
        if (a.entries().size() != b.entries().size()) {
            return false;
        }
        for (Map.Entry<Value, Value> entry : a.entries().entrySet()) {
            Value other = b.entries().get(entry.getKey());
            if (other == null || !equal(entry.getValue(), other)) {
                return false;
            }
        }
        return true;
    }

    /** {@code < <= > >=}. @throws TemplateException where Python gives the two no order */
    static boolean ordered(String operator, Value a, Value b) {
        if (Operators.isNumber(a) && Operators.isNumber(b)) {
            return numbers(operator, a, b);
        }
        int order = order(operator, a, b);
        return switch (operator) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    private static boolean numbers(String operator, Value a, Value b) {
        if (Operators.isInteger(a) && Operators.isInteger(b)) {
            int order = Long.compare(Operators.integer(a), Operators.integer(b));
            return switch (operator) {
                case "<" -> order < 0;
                case "<=" -> order <= 0;
                case ">" -> order > 0;
                default -> order >= 0;
            };
        }
        double left = Operators.number(a);
        double right = Operators.number(b);
        return switch (operator) {
            case "<" -> left < right;
            case "<=" -> left <= right;
            case ">" -> left > right;
            default -> left >= right;
        };
    }

    /** As {@link java.util.Comparator#compare}. @throws TemplateException where Python gives the two no order */
    static int order(Value a, Value b) {
        return order("<", a, b);
    }

    private static int order(String operator, Value a, Value b) {
        Operators.defined(a);
        Operators.defined(b);
        if (Operators.isNumber(a) && Operators.isNumber(b)) {
            return Operators.isInteger(a) && Operators.isInteger(b)
                    ? Long.compare(Operators.integer(a), Operators.integer(b))
                    : Double.compare(Operators.number(a), Operators.number(b));
        }
        if (a instanceof Text left && b instanceof Text right) {
            return byCodePoints(left.value(), right.value());
        }
        if (a instanceof Items left && b instanceof Items right && left.tuple() == right.tuple()) {
            return lists(operator, left.values(), right.values());
        }
        throw new TemplateException("'" + operator + "' not supported between instances of '" + PythonText.typeName(a)
                + "' and '" + PythonText.typeName(b) + "'");
    }

    private static int lists(String operator, List<Value> a, List<Value> b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            if (!equal(a.get(i), b.get(i))) {
                return order(operator, a.get(i), b.get(i));
            }
        }
        return Integer.compare(a.size(), b.size());
    }

    /** Java compares UTF-16 units, which puts the supplementary planes before U+E000. */
    private static int byCodePoints(String a, String b) {
        int mismatch = 0;
        int common = Math.min(a.length(), b.length());
        while (mismatch < common && a.charAt(mismatch) == b.charAt(mismatch)) {
            mismatch++;
        }
        if (mismatch == common) {
            return Integer.compare(a.length(), b.length());
        }
        char left = a.charAt(mismatch);
        char right = b.charAt(mismatch);
        boolean leftHigh = Character.isSurrogate(left);
        return leftHigh == Character.isSurrogate(right) ? Character.compare(left, right) : leftHigh ? 1 : -1;
    }
}
