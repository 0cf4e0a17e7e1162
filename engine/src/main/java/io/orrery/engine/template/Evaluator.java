package io.orrery.engine.template;

import io.orrery.engine.template.Value.Bool;
import io.orrery.engine.template.Value.Text;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Computes expressions. Confined to the rendering thread. */
final class Evaluator {
    private final Budget budget;
    private final Interpreter interpreter;

    Evaluator(Budget budget, Interpreter interpreter) {
        this.budget = budget;
        this.interpreter = interpreter;
    }

    Value evaluate(Expression expression, Scope scope) {
        budget.enter();
        Value value = compute(expression, scope);
        budget.leave();
        return value;
    }

    private Value compute(Expression expression, Scope scope) {
        return switch (expression) {
            case Expression.Literal literal -> literal.value();
            case Expression.Name name -> scope.get(name.name());
            case Expression.Block _ -> scope.get(Scope.BLOCK);
            case Expression.ListOf list -> Value.Items.of(all(list.elements(), scope), list.tuple());
            case Expression.DictOf dict -> dict(dict, scope);
            case Expression.Attribute(Expression target, String name) ->
                Attributes.attribute(evaluate(target, scope), name);
            case Expression.Index(Expression target, Expression index) ->
                Attributes.item(evaluate(target, scope), evaluate(index, scope));
            case Expression.Slice slice -> slice(slice, scope);
            case Expression.Call call -> call(call, scope);
            case Expression.Filter filter -> filter(filter, scope);
            case Expression.Test test -> test(test, scope);
            case Expression.Not(Expression operand) -> new Bool(!Operators.truth(evaluate(operand, scope)));
            case Expression.Signed(boolean negative, Expression operand) ->
                Operators.signed(negative, evaluate(operand, scope));
            case Expression.Binary binary -> binary(binary, scope);
            case Expression.Compare compare -> compare(compare, scope);
            case Expression.And(Expression left, Expression right) -> {
                Value first = evaluate(left, scope);
                yield Operators.truth(first) ? evaluate(right, scope) : first;
            }
            case Expression.Or(Expression left, Expression right) -> {
                Value first = evaluate(left, scope);
                yield Operators.truth(first) ? first : evaluate(right, scope);
            }
            case Expression.Conditional conditional -> conditional(conditional, scope);
        };
    }

    private List<Value> all(List<Expression> expressions, Scope scope) {
        List<Value> values = new ArrayList<>(expressions.size());
        for (Expression each : expressions) {
            values.add(evaluate(each, scope));
        }
        return values;
    }

    private Value dict(Expression.DictOf dict, Scope scope) {
        Map<Value, Value> entries = new LinkedHashMap<>();
        for (int i = 0; i < dict.keys().size(); i++) {
            entries.put(
                    Value.asKey(evaluate(dict.keys().get(i), scope)),
                    evaluate(dict.values().get(i), scope));
        }
        return Value.Dict.of(entries);
    }

    private Value slice(Expression.Slice slice, Scope scope) {
        Value target = evaluate(slice.target(), scope);
        budget.lookAt(target);
        return Sequences.slice(
                target, bound(slice.start(), scope), bound(slice.stop(), scope), bound(slice.step(), scope));
    }

    private Optional<Long> bound(Optional<Expression> bound, Scope scope) {
        return bound.map(each -> evaluate(each, scope))
                .filter(value -> value != Value.None.NONE)
                .map(Sequences::index);
    }

    private Value call(Expression.Call call, Scope scope) {
        Value function = evaluate(call.function(), scope);
        Arguments arguments = arguments(call.passed(), scope);
        interpreter.at(call.line());
        return call(function, arguments);
    }

    /** @throws TemplateException where the value cannot be called */
    Value call(Value function, Arguments arguments) {
        return switch (function) {
            case Value.Callable callable -> {
                arguments.positional().forEach(budget::lookAt);
                Value result = callable.call(arguments);
                budget.lookAt(result);
                yield result;
            }
            case Value.Undefined undefined -> throw new TemplateException(undefined.why());
            default -> throw new TemplateException("'" + PythonText.typeName(function) + "' object is not callable");
        };
    }

    Arguments arguments(Expression.Passed passed, Scope scope) {
        if (passed == Expression.Passed.NOTHING) {
            return Arguments.NONE;
        }
        List<Value> positional = all(passed.positional(), scope);
        passed.star().ifPresent(star -> positional.addAll(Sequences.iterate(evaluate(star, scope))));
        Map<String, Value> named = new LinkedHashMap<>();
        passed.named().forEach((name, value) -> named.put(name, evaluate(value, scope)));
        passed.doubleStar().ifPresent(star -> spread(evaluate(star, scope), named));
        return new Arguments(positional, named);
    }

    private static void spread(Value value, Map<String, Value> named) {
        if (!(value instanceof Value.Dict dict)) {
            throw new TemplateException("argument after ** must be a mapping, not " + PythonText.typeName(value));
        }
        dict.entries().forEach((key, each) -> {
            if (!(key instanceof Text text)) {
                throw new TemplateException("keywords must be strings");
            }
            named.put(text.value(), each);
        });
    }

    private Value filter(Expression.Filter filter, Scope scope) {
        Value input = evaluate(filter.input(), scope);
        Arguments arguments = arguments(filter.passed(), scope);
        interpreter.at(filter.line());
        return filter(filter.name(), input, arguments);
    }

    /** Applies a filter by its name. @throws TemplateException where there is none of that name */
    Value filter(String name, Value input, Arguments arguments) {
        budget.lookAt(input);
        Value result = Filters.named(name).apply(new Filters.Input(input, arguments, this));
        budget.lookAt(result);
        return result;
    }

    private Value test(Expression.Test test, Scope scope) {
        Value input = evaluate(test.input(), scope);
        Arguments arguments = arguments(test.passed(), scope);
        interpreter.at(test.line());
        return new Bool(test(test.name(), input, arguments));
    }

    /** Applies a test by its name. @throws TemplateException where there is none of that name */
    boolean test(String name, Value input, Arguments arguments) {
        budget.step();
        return ValueTests.named(name).holds(input, arguments);
    }

    private Value binary(Expression.Binary binary, Scope scope) {
        Value left = evaluate(binary.left(), scope);
        Value right = evaluate(binary.right(), scope);
        Value result = Operators.binary(binary.operator(), left, right);
        budget.lookAt(result);
        return result;
    }

    /** A chain of comparisons: every one must hold, and what follows a false one is not computed. */
    private Value compare(Expression.Compare compare, Scope scope) {
        Value left = evaluate(compare.first(), scope);
        for (Expression.Link link : compare.links()) {
            Value right = evaluate(link.right(), scope);
            budget.lookAt(right);
            if (!Operators.compare(link.operator(), left, right)) {
                return new Bool(false);
            }
            left = right;
        }
        return new Bool(true);
    }

    private Value conditional(Expression.Conditional conditional, Scope scope) {
        if (Operators.truth(evaluate(conditional.condition(), scope))) {
            return evaluate(conditional.then(), scope);
        }
        return conditional
                .otherwise()
                .map(each -> evaluate(each, scope))
                .orElseGet(() -> new Value.Undefined(
                        "the inline if-expression evaluated to false and no else section was defined"));
    }
}
