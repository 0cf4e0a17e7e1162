package io.orrery.cli.lens;

/**
 * A token.
 *
 * @param token as the vocabulary writes it
 * @param text that it stands for
 */
public record Piece(int id, String token, String text) {
    private static final String SENTENCEPIECE_SPACE = "\u2581";
    private static final char NOT_A_CHARACTER = '\uFFFD';

    /** For eyes: spaces, tabs and ends of lines as marks, and what is no character as the vocabulary writes it. */
    public String visible() {
        // a decoder drops the space of a text's first token
        String whole = token.startsWith(SENTENCEPIECE_SPACE) && !text.startsWith(" ") ? " " + text : text;
        if (whole.isEmpty() || whole.indexOf(NOT_A_CHARACTER) >= 0) {
            return token.isEmpty() ? "[" + id + "]" : token;
        }
        StringBuilder marked = new StringBuilder();
        whole.codePoints().forEach(character -> marked.append(mark(character, marked.isEmpty())));
        return marked.toString();
    }

    private static String mark(int character, boolean isFirst) {
        return switch (character) {
            case ' ' -> "␣";
            case '\n' -> "⏎";
            case '\r' -> "␍";
            case '\t' -> "⇥";
            default ->
                switch (Character.getType(character)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.UNASSIGNED,
                            Character.PRIVATE_USE,
                            Character.SURROGATE -> "\\u%04x".formatted(character);
                    case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK ->
                        (isFirst ? "◌" : "") + Character.toString(character);
                    default -> Character.toString(character);
                };
        };
    }
}
