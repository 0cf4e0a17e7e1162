package io.orrery.engine.template;

/** What one rendering may still spend: steps, and depth of recursion. Confined to the rendering thread. */
final class Budget {
    private long steps = Limits.STEPS;
    private int depth;

    void step() {
        charge(1);
    }

    /** Pays for looking at a value: sixteen characters or elements count as a step. */
    void lookAt(Value value) {
        switch (value) {
            case Value.Text text -> charge(text.value().length() >> 4);
            case Value.Items items -> charge(items.weight() >> 4);
            case Value.Dict dict -> charge(dict.weight() >> 4);
            default -> {}
        }
    }

    private void charge(long cost) {
        steps -= cost;
        if (steps < 0) {
            throw new TemplateException("rendering takes more than " + Limits.STEPS + " steps");
        }
    }

    void enter() {
        step();
        if (++depth > Limits.RECURSION) {
            throw new TemplateException("expressions and macros are nested deeper than " + Limits.RECURSION);
        }
    }

    void leave() {
        depth--;
    }
}
