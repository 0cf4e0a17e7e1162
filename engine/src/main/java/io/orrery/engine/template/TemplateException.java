package io.orrery.engine.template;

/**
 * A chat template cannot be read or rendered. The message says at which line of the template and why; where the
 * template itself refused by {@code raise_exception}, the message is the template's own text and nothing else.
 */
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String reason;
    private final int line;
    private final boolean raised;

    private TemplateException(String reason, int line, boolean raised) {
        super(raised || line == 0 ? reason : "line " + line + " of the chat template: " + reason);
        this.reason = reason;
        this.line = line;
        this.raised = raised;
    }

    TemplateException(String reason) {
        this(reason, 0, false);
    }

    TemplateException(String reason, int line) {
        this(reason, line, false);
    }

    /** What {@code raise_exception} throws. */
    static TemplateException raised(String text) {
        return new TemplateException(text, 0, true);
    }

    /** The same failure, placed: an inner place already known is kept. */
    TemplateException at(int known) {
        if (line != 0) {
            return this;
        }
        TemplateException placed = new TemplateException(reason, known, raised);
        placed.setStackTrace(getStackTrace());
        return placed;
    }

    /** The template's line, counted from 1; 0 where none is known. */
    public int line() {
        return line;
    }

    /** Whether the template refused the conversation itself, by {@code raise_exception}. */
    public boolean isRaised() {
        return raised;
    }
}
