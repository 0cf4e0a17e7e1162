package io.orrery.engine.template;

import io.orrery.engine.template.Value.Bool;
import io.orrery.engine.template.Value.Decimal;
import io.orrery.engine.template.Value.Dict;
import io.orrery.engine.template.Value.Int;
import io.orrery.engine.template.Value.Text;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/** The tests after {@code is}. Source: jinja2 3.1.6 {@code tests.py}. */
final class ValueTests {
    /** Whether a value passes a test with its arguments. */
    interface ValueTest {
        boolean holds(Value value, Arguments arguments);
    }

    private static final Map<String, ValueTest> TESTS = tests();

    private ValueTests() {}

    static ValueTest named(String name) {
        ValueTest test = TESTS.get(name);
        if (test == null) {
            throw new TemplateException("No test named '" + name + "'.");
        }
        return test;
    }

    private static Map<String, ValueTest> tests() {
        Map<String, ValueTest> tests = new HashMap<>();
        plain(tests, "defined", value -> !(value instanceof Value.Undefined));
        plain(tests, "undefined", value -> value instanceof Value.Undefined);
        plain(tests, "none", value -> value == Value.None.NONE);
        plain(tests, "string", value -> value instanceof Text);
        plain(tests, "mapping", value -> value instanceof Dict);
        plain(tests, "iterable", Sequences::isIterable);
        plain(tests, "sequence", Sequences::isIterable);
        plain(tests, "number", Operators::isNumber);
        plain(tests, "integer", value -> value instanceof Int);
        plain(tests, "float", value -> value instanceof Decimal);
        plain(tests, "boolean", value -> value instanceof Bool);
        plain(tests, "true", value -> value.equals(new Bool(true)));
        plain(tests, "false", value -> value.equals(new Bool(false)));
        plain(tests, "callable", value -> value instanceof Value.Callable || value instanceof Value.Undefined);
        plain(tests, "escaped", value -> value instanceof Text text && text.markup());
        plain(tests, "odd", value -> Math.floorMod(integer(value), 2L) == 1);
        plain(tests, "even", value -> Math.floorMod(integer(value), 2L) == 0);
        plain(tests, "lower", value -> isCased(PythonText.str(value), false));
        plain(tests, "upper", value -> isCased(PythonText.str(value), true));
        comparing(tests, "==", "eq", "equalto", "==");
        comparing(tests, "!=", "ne", "!=");
        comparing(tests, "<", "lt", "lessthan", "<");
        comparing(tests, "<=", "le", "<=");
        comparing(tests, ">", "gt", "greaterthan", ">");
        comparing(tests, ">=", "ge", ">=");
        comparing(tests, "in", "in");
        tests.put(
                "sameas",
                (value, given) -> isSame(value, given.bind("sameas", "other").required("other")));
        tests.put(
                "divisibleby",
                (value, given) ->
                        isDivisible(value, given.bind("divisibleby", "num").required("num")));
        return Map.copyOf(tests);
    }

    private static void plain(Map<String, ValueTest> tests, String name, Predicate<Value> holds) {
        tests.put(name, (value, given) -> {
            given.bind(name);
            return holds.test(value);
        });
    }

    private static void comparing(Map<String, ValueTest> tests, String operator, String... names) {
        for (String name : names) {
            tests.put(
                    name,
                    (value, given) -> Operators.compare(
                            operator, value, given.bind(name, "other").required("other")));
        }
    }

    private static long integer(Value value) {
        Operators.defined(value);
        return Sequences.index(value);
    }

    private static boolean isSame(Value value, Value other) {
        return value.getClass() == other.getClass() && (value == other || value.equals(other));
    }

    private static boolean isDivisible(Value value, Value by) {
        long divisor = integer(by);
        if (divisor == 0) {
            throw new TemplateException("division by zero");
        }
        return integer(value) % divisor == 0;
    }

    private static boolean isCased(String text, boolean upper) {
        return text.equals(upper ? PythonStrings.upper(text) : PythonStrings.lower(text))
                && !PythonStrings.upper(text).equals(PythonStrings.lower(text));
    }
}
