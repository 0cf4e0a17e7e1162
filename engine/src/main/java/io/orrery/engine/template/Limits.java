package io.orrery.engine.template;

/** The bounds of one template: what a template that is not meant to harm stays far below. */
final class Limits {
    static final int SOURCE = 1 << 20;
    static final int NESTING = 100;
    static final int RECURSION = 400;
    static final long STEPS = 20_000_000;
    static final int TEXT = 16 << 20;
    static final int ELEMENTS = 2_000_000;
    static final int DEPTH = 100;
    /** {@code jinja2.sandbox.MAX_RANGE}. */
    static final int RANGE = 100_000;

    private Limits() {}

    static void text(long length) {
        if (length > TEXT) {
            throw new TemplateException("a text grew past the limit of " + TEXT + " characters");
        }
    }

    static void elements(long count) {
        if (count > ELEMENTS) {
            throw new TemplateException("a list or mapping grew past the limit of " + ELEMENTS + " elements");
        }
    }

    static void depth(int depth) {
        if (depth > DEPTH) {
            throw new TemplateException("lists and mappings are nested deeper than " + DEPTH);
        }
    }
}
