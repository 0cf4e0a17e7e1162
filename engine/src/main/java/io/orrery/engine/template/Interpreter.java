package io.orrery.engine.template;

import io.orrery.engine.template.Statement.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Runs a template's statements once. Confined to the rendering thread. */
final class Interpreter {
    /** How a statement ended. */
    private enum Ending {
        NORMAL,
        BREAK,
        CONTINUE
    }

    private final Budget budget = new Budget();
    private final Evaluator evaluator;
    private StringBuilder out = new StringBuilder();
    private int line = 1;

    Interpreter() {
        evaluator = new Evaluator(budget, this);
    }

    /** @throws TemplateException with the line that was being run */
    String run(List<Statement> statements, Scope scope) {
        try {
            run(statements, scope, 0);
            return out.toString();
        } catch (TemplateException failure) {
            throw failure.at(line);
        }
    }

    /** Notes the line that is being run, for errors. */
    void at(int current) {
        line = current;
    }

    private Ending run(List<Statement> statements, Scope scope, int from) {
        for (int i = from; i < statements.size(); i++) {
            budget.enter();
            Ending ending = run(statements.get(i), scope);
            budget.leave();
            if (ending != Ending.NORMAL) {
                return ending;
            }
        }
        return Ending.NORMAL;
    }

    private Ending run(Statement statement, Scope scope) {
        switch (statement) {
            case Statement.Text text -> write(text.text());
            case Statement.Output output -> {
                at(output.line());
                write(PythonText.str(evaluator.evaluate(output.expression(), scope)));
            }
            case Statement.If branches -> {
                return branch(branches, scope);
            }
            case Statement.For loop -> {
                at(loop.line());
                return loop(loop, scope);
            }
            case Statement.Assign assign -> {
                at(assign.line());
                assign(assign.target(), evaluator.evaluate(assign.value(), scope), scope);
            }
            case Statement.AssignBlock assign ->
                assign(assign.target(), filtered(assign.filtered(), assign.body(), scope, assign.line()), scope);
            case Statement.DefineMacro macro -> scope.set(macro.macro().name(), macro(macro.macro(), scope));
            case Statement.CallBlock block -> callBlock(block, scope);
            case Statement.FilterBlock block ->
                write(PythonText.str(filtered(block.filtered(), block.body(), scope, block.line())));
            case Statement.With with -> {
                return with(with, scope);
            }
            case Statement.Break _ -> {
                return Ending.BREAK;
            }
            case Statement.Continue _ -> {
                return Ending.CONTINUE;
            }
        }
        return Ending.NORMAL;
    }

    private void write(String text) {
        Limits.text((long) out.length() + text.length());
        out.append(text);
    }

    private Ending branch(Statement.If branches, Scope scope) {
        for (Statement.Branch branch : branches.branches()) {
            at(branch.line());
            if (Operators.truth(evaluator.evaluate(branch.condition(), scope))) {
                return run(branch.body(), scope, 0);
            }
        }
        return run(branches.otherwise(), scope, 0);
    }

    private Ending loop(Statement.For loop, Scope scope) {
        List<Value> items = chosen(loop.loop(), scope);
        if (items.isEmpty()) {
            return run(loop.otherwise(), scope.inner(), 0);
        }
        LoopState state = new LoopState(items);
        while (state.advance()) {
            budget.step();
            Scope inner = scope.inner();
            inner.set("loop", state);
            assign(loop.loop().target(), state.current(), inner);
            if (run(loop.body(), inner, 0) == Ending.BREAK) {
                break;
            }
        }
        return Ending.NORMAL;
    }

    /** The values to loop over: those that meet the loop's own condition. */
    private List<Value> chosen(Statement.Loop loop, Scope scope) {
        List<Value> all = Sequences.iterate(evaluator.evaluate(loop.over(), scope));
        if (loop.condition().isEmpty()) {
            return all;
        }
        List<Value> chosen = new ArrayList<>();
        for (Value value : all) {
            budget.step();
            Scope inner = scope.inner();
            assign(loop.target(), value, inner);
            if (Operators.truth(evaluator.evaluate(loop.condition().get(), inner))) {
                chosen.add(value);
            }
        }
        return chosen;
    }

    private void assign(Target target, Value value, Scope scope) {
        switch (target) {
            case Target.Name name -> scope.set(name.name(), value);
            case Target.Attribute attribute -> {
                if (!(scope.get(attribute.namespace()) instanceof Value.Namespace namespace)) {
                    throw new TemplateException(
                            "cannot assign attribute on non-namespace object '" + attribute.namespace() + "'");
                }
                namespace.attributes().put(attribute.attribute(), value);
            }
            case Target.Tuple tuple -> unpack(tuple.targets(), Sequences.iterate(value), scope);
        }
    }

    private void unpack(List<Target> targets, List<Value> values, Scope scope) {
        if (values.size() != targets.size()) {
            throw new TemplateException("cannot unpack " + values.size() + " values into " + targets.size() + " names");
        }
        for (int i = 0; i < targets.size(); i++) {
            assign(targets.get(i), values.get(i), scope);
        }
    }

    private Value filtered(Expression filters, List<Statement> body, Scope scope, int blockLine) {
        String text = rendered(body, scope.inner());
        at(blockLine);
        Scope inner = scope.inner();
        inner.set(Scope.BLOCK, Value.Text.of(text));
        return evaluator.evaluate(filters, inner);
    }

    /** A body's text, kept apart from the output. */
    private String rendered(List<Statement> body, Scope scope) {
        StringBuilder outer = out;
        out = new StringBuilder();
        run(body, scope, 0);
        String text = out.toString();
        out = outer;
        return text;
    }

    private Ending with(Statement.With with, Scope scope) {
        at(with.line());
        Scope inner = scope.inner();
        with.values().forEach((name, value) -> inner.set(name, evaluator.evaluate(value, scope)));
        return run(with.body(), inner, 0);
    }

    private void callBlock(Statement.CallBlock block, Scope scope) {
        at(block.line());
        Value function = evaluator.evaluate(block.call().function(), scope);
        Arguments given = evaluator.arguments(block.call().passed(), scope);
        Map<String, Value> named = new HashMap<>(given.named());
        named.put("caller", macro(block.caller(), scope));
        write(PythonText.str(evaluator.call(function, new Arguments(given.positional(), named))));
    }

    private Value.Callable macro(Statement.Macro macro, Scope scope) {
        return arguments -> {
            budget.enter();
            int callLine = line;
            Scope inner = scope.inner();
            new MacroArguments(macro, evaluator).bind(arguments, inner);
            Value text = Value.Text.of(rendered(macro.body(), inner));
            at(callLine);
            budget.leave();
            return text;
        };
    }
}
