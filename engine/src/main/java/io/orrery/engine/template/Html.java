package io.orrery.engine.template;

import io.orrery.engine.template.Value.Text;

/** Escaping as {@code markupsafe.escape}. */
final class Html {
    private Html() {}

    static Text escape(Text text) {
        if (text.markup()) {
            return text;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.value().length(); i++) {
            char c = text.value().charAt(i);
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&#34;");
                case '\'' -> out.append("&#39;");
                default -> out.append(c);
            }
        }
        Limits.text(out.length());
        return new Text(out.toString(), true);
    }
}
