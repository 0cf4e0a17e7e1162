package io.orrery.engine.model;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A value that is made when it is first asked for, and once. Safe for threads; a failure is tried again. */
final class Memo<T> {
    private final Supplier<T> maker;
    private @Nullable T value;

    Memo(Supplier<T> maker) {
        this.maker = maker;
    }

    synchronized T get() {
        T made = value == null ? maker.get() : value;
        value = made;
        return made;
    }
}
