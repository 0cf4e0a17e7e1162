package io.orrery.engine.template;

/** A piece of a template's source. */
record Token(Kind kind, String text, int line) {
    enum Kind {
        TEXT,
        BLOCK_BEGIN,
        BLOCK_END,
        OUTPUT_BEGIN,
        OUTPUT_END,
        NAME,
        STRING,
        INTEGER,
        DECIMAL,
        OPERATOR,
        END
    }

    boolean is(Kind wanted) {
        return kind == wanted;
    }

    boolean isOperator(String wanted) {
        return kind == Kind.OPERATOR && text.equals(wanted);
    }

    boolean isName(String wanted) {
        return kind == Kind.NAME && text.equals(wanted);
    }

    /** As an error names it. */
    String described() {
        return switch (kind) {
            case END -> "the end of the template";
            case BLOCK_END -> "'%}'";
            case OUTPUT_END -> "'}}'";
            case STRING -> "a string";
            default -> "'" + (text.length() > 40 ? text.substring(0, 40) + "..." : text) + "'";
        };
    }
}
