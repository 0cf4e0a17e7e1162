package io.orrery.engine.template;

import io.orrery.engine.template.Expression.Operator;
import io.orrery.engine.template.Value.Bool;
import io.orrery.engine.template.Value.Decimal;
import io.orrery.engine.template.Value.Dict;
import io.orrery.engine.template.Value.Int;
import io.orrery.engine.template.Value.Items;
import io.orrery.engine.template.Value.Text;
import io.orrery.engine.template.Value.Undefined;
import java.util.ArrayList;
import java.util.List;

/** Python's operators. Integers are of 64 bits; one that would be larger is an error. */
final class Operators {
    private Operators() {}

    static boolean truth(Value value) {
        return switch (value) {
            case Value.None _ -> false;
            case Undefined _ -> false;
            case Bool(boolean flag) -> flag;
            case Int(long number) -> number != 0;
            case Decimal(double number) -> number != 0;
            case Text text -> !text.value().isEmpty();
            case Items items -> !items.values().isEmpty();
            case Dict dict -> !dict.entries().isEmpty();
            case Value.Namespace _, Value.Callable _, Value.Attributed _ -> true;
        };
    }

    static Value binary(Operator operator, Value left, Value right) {
        if (operator == Operator.CONCATENATE) {
            return Text.of(PythonText.str(left) + PythonText.str(right));
        }
        defined(left);
        defined(right);
        return switch (operator) {
            case ADD -> add(left, right);
            case MULTIPLY -> multiply(left, right);
            case MODULO ->
                left instanceof Text text ? PrintfFormat.format(text, right) : arithmetic(operator, left, right);
            case SUBTRACT, DIVIDE, FLOOR_DIVIDE, POWER, CONCATENATE -> arithmetic(operator, left, right);
        };
    }

    private static Value add(Value left, Value right) {
        if (left instanceof Text a && right instanceof Text b) {
            return concatenate(a, b);
        }
        if (left instanceof Items a && right instanceof Items b && a.tuple() == b.tuple()) {
            List<Value> values = new ArrayList<>(a.values());
            values.addAll(b.values());
            return Items.of(values, a.tuple());
        }
        if (left instanceof Text) {
            throw new TemplateException("can only concatenate str (not \"" + PythonText.typeName(right) + "\") to str");
        }
        return arithmetic(Operator.ADD, left, right);
    }

    /** As {@code markupsafe.Markup}: what is not declared safe is escaped where it meets what is. */
    private static Text concatenate(Text a, Text b) {
        if (a.markup() == b.markup()) {
            return a.withValue(a.value() + b.value());
        }
        Text left = a.markup() ? a : Html.escape(a);
        Text right = b.markup() ? b : Html.escape(b);
        return left.withValue(left.value() + right.value());
    }

    private static Value multiply(Value left, Value right) {
        if (isRepeatable(left) && isInteger(right)) {
            return repeat(left, integer(right));
        }
        if (isRepeatable(right) && isInteger(left)) {
            return repeat(right, integer(left));
        }
        return arithmetic(Operator.MULTIPLY, left, right);
    }

    private static boolean isRepeatable(Value value) {
        return value instanceof Text || value instanceof Items;
    }

    private static Value repeat(Value value, long times) {
        long count = Math.clamp(times, 0, Integer.MAX_VALUE);
        if (value instanceof Text text) {
            Limits.text(text.value().length() * count);
            return text.withValue(text.value().repeat(text.value().isEmpty() ? 0 : (int) count));
        }
        Items items = (Items) value;
        Limits.elements(items.weight() * count);
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.addAll(items.values());
        }
        return Items.of(values, items.tuple());
    }

    static boolean isInteger(Value value) {
        return value instanceof Int || value instanceof Bool;
    }

    static boolean isNumber(Value value) {
        return isInteger(value) || value instanceof Decimal;
    }

    static long integer(Value value) {
        return value instanceof Bool(boolean flag) ? (flag ? 1 : 0) : ((Int) value).value();
    }

    static double number(Value value) {
        return value instanceof Decimal(double number) ? number : integer(value);
    }

    private static Value arithmetic(Operator operator, Value left, Value right) {
        if (!isNumber(left) || !isNumber(right)) {
            throw new TemplateException("unsupported operand type(s) for " + operator.symbol() + ": '"
                    + PythonText.typeName(left) + "' and '" + PythonText.typeName(right) + "'");
        }
        try {
            boolean whole = isInteger(left) && isInteger(right) && operator != Operator.DIVIDE;
            return whole
                    ? integers(operator, integer(left), integer(right))
                    : new Decimal(decimals(operator, number(left), number(right)));
        } catch (ArithmeticException overflow) {
            throw new TemplateException(
                    "a number does not fit 64 bits: " + integer(left) + " " + operator.symbol() + " " + integer(right));
        }
    }

    private static Value integers(Operator operator, long a, long b) {
        return switch (operator) {
            case ADD -> new Int(Math.addExact(a, b));
            case SUBTRACT -> new Int(Math.subtractExact(a, b));
            case MULTIPLY -> new Int(Math.multiplyExact(a, b));
            case FLOOR_DIVIDE -> new Int(Math.floorDivExact(a, notZero(b)));
            case MODULO -> new Int(Math.floorMod(a, notZero(b)));
            case POWER -> b < 0 ? new Decimal(Math.pow(a, b)) : new Int(power(a, b));
            case DIVIDE, CONCATENATE -> throw new IllegalStateException(operator + " is not of integers");
        };
    }

    private static long notZero(long divisor) {
        if (divisor == 0) {
            throw new TemplateException("division by zero");
        }
        return divisor;
    }

    private static long power(long base, long exponent) {
        if (base >= -1 && base <= 1) {
            return base == -1 && exponent % 2 == 0 ? 1 : exponent == 0 ? 1 : base;
        }
        long result = 1;
        for (long i = 0; i < exponent; i++) {
            result = Math.multiplyExact(result, base);
        }
        return result;
    }

    private static double decimals(Operator operator, double a, double b) {
        boolean divides =
                operator == Operator.DIVIDE || operator == Operator.FLOOR_DIVIDE || operator == Operator.MODULO;
        if (divides && b == 0) {
            throw new TemplateException("division by zero");
        }
        return switch (operator) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case FLOOR_DIVIDE -> Math.floor(a / b);
            case MODULO -> a - b * Math.floor(a / b);
            case POWER -> Math.pow(a, b);
            case CONCATENATE -> throw new IllegalStateException("~ is not of numbers");
        };
    }

    static Value signed(boolean negative, Value operand) {
        defined(operand);
        return switch (operand) {
            case Decimal(double number) -> new Decimal(negative ? -number : number);
            case Value integer
            when isInteger(integer) -> {
                if (integer(integer) == Long.MIN_VALUE) {
                    throw new TemplateException("a number does not fit 64 bits");
                }
                yield new Int(negative ? -integer(integer) : integer(integer));
            }
            default ->
                throw new TemplateException("bad operand type for unary " + (negative ? "-" : "+") + ": '"
                        + PythonText.typeName(operand) + "'");
        };
    }

    static boolean compare(String operator, Value left, Value right) {
        return switch (operator) {
            case "==" -> Comparisons.equal(left, right);
            case "!=" -> !Comparisons.equal(left, right);
            case "in" -> Sequences.contains(right, left);
            case "not in" -> !Sequences.contains(right, left);
            default -> Comparisons.ordered(operator, left, right);
        };
    }

    /** @throws TemplateException what using an undefined value says, where it is one */
    static void defined(Value value) {
        if (value instanceof Undefined(String why)) {
            throw new TemplateException(why);
        }
    }
}
