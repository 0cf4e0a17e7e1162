package io.orrery.cli.lens;

/** HTML as it is written: elements are opened and closed in pairs, and every text is escaped. */
final class Markup {
    private final StringBuilder html = new StringBuilder();

    /** Markup that stands in this program; never what a model or a person wrote. */
    Markup raw(String markup) {
        html.append(markup);
        return this;
    }

    Markup text(String text) {
        html.append(escaped(text));
        return this;
    }

    /** An element that holds text. @param tag its name, with attributes that stand in this program */
    Markup element(String tag, String text) {
        return element(tag, () -> text(text));
    }

    /** An element that holds what is written meanwhile. */
    Markup element(String tag, Runnable content) {
        html.append('<').append(tag).append('>');
        content.run();
        int space = tag.indexOf(' ');
        html.append("</").append(space < 0 ? tag : tag.substring(0, space)).append('>');
        return this;
    }

    /** Safe within elements and within quoted attributes; characters that no XML may hold become U+FFFD. */
    static String escaped(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(isAllowed(c) ? c : 0xFFFD);
            }
        });
        return out.toString();
    }

    private static boolean isAllowed(int c) {
        boolean isControl = Character.isISOControl(c) && c != '\n' && c != '\t';
        boolean isHalf = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        return !isControl && !isHalf && c != 0xFFFE && c != 0xFFFF;
    }

    @Override
    public String toString() {
        return html.toString();
    }
}
