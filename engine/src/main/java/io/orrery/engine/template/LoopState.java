package io.orrery.engine.template;

import io.orrery.engine.template.Value.Bool;
import io.orrery.engine.template.Value.Int;
import io.orrery.engine.template.Value.Undefined;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code loop} of a for statement. Source: jinja2 3.1.6 {@code runtime.py}, {@code LoopContext}. */
final class LoopState implements Value.Attributed {
    private final List<Value> items;
    private int index = -1;
    private @Nullable List<Value> lastChanged;

    LoopState(List<Value> items) {
        this.items = items;
    }

    boolean advance() {
        return ++index < items.size();
    }

    Value current() {
        return items.get(index);
    }

    @Override
    public @Nullable Value attribute(String name) {
        int length = items.size();
        return switch (name) {
            case "index" -> new Int(index + 1L);
            case "index0" -> new Int(index);
            case "revindex" -> new Int(length - index);
            case "revindex0" -> new Int(length - index - 1L);
            case "first" -> new Bool(index == 0);
            case "last" -> new Bool(index == length - 1);
            case "length" -> new Int(length);
            case "depth" -> new Int(1);
            case "depth0" -> new Int(0);
            case "previtem" -> index > 0 ? items.get(index - 1) : new Undefined("there is no previous item");
            case "nextitem" -> index + 1 < length ? items.get(index + 1) : new Undefined("there is no next item");
            case "cycle" -> (Value.Callable) this::cycle;
            case "changed" -> (Value.Callable) this::changed;
            default -> null;
        };
    }

    private Value cycle(Arguments arguments) {
        if (arguments.positional().isEmpty()) {
            throw new TemplateException("no items for cycling given");
        }
        return arguments.positional().get(index % arguments.positional().size());
    }

    private Value changed(Arguments arguments) {
        boolean changed = !arguments.positional().equals(lastChanged);
        lastChanged = arguments.positional();
        return new Bool(changed);
    }
}
