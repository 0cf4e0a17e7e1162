package io.orrery.engine.tokenizer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Finds added tokens in a text, leftmost first and of those the longest (tokenizers, tokenizer/added_vocabulary.rs,
 * find_matches). Immutable.
 */
final class AddedTokenMatcher {
    private final Node root = new Node();

    /** @param written how a token's content is written in the text that is searched; nowhere where that is empty */
    AddedTokenMatcher(List<AddedToken> tokens, UnaryOperator<String> written) {
        for (AddedToken token : tokens) {
            String content = written.apply(token.content());
            Node node = root;
            for (int i = 0; i < content.length(); i++) {
                node = node.children.computeIfAbsent(content.charAt(i), c -> new Node());
            }
            node.token = token;
        }
        root.token = null;
    }

    private static final class Node {
        private final Map<Character, Node> children = new HashMap<>(2);
        private @Nullable AddedToken token;
    }

    private record Match(int start, int end, AddedToken token) {}

    /** Hands on the pieces between tokens, which are not empty, and the tokens, in order. */
    void split(Piece piece, Budget budget, Consumer<Piece> pieces, Consumer<AddedToken> tokens) {
        String text = piece.text();
        int done = 0;
        int from = 0;
        for (Match match = find(text, from, budget); match != null; match = find(text, from, budget)) {
            from = match.end();
            if (match.token.singleWord() && isInWord(text, match)) {
                continue;
            }
            int start = match.token.leftStrip() ? Math.max(spaceBefore(text, match.start), done) : match.start;
            int end = match.token.rightStrip() ? spaceAfter(text, match.end) : match.end;
            if (done < start) {
                pieces.accept(piece.part(done, start));
            }
            // As in tokenizers, a token that another's white space has swallowed still counts, unless nothing is left
            // of it.
            if (start < end) {
                tokens.accept(match.token);
            }
            done = end;
        }
        if (done < text.length()) {
            pieces.accept(piece.part(done, text.length()));
        }
    }

    private @Nullable Match find(String text, int from, Budget budget) {
        if (root.children.isEmpty()) {
            return null;
        }
        for (int start = from; start < text.length(); start++) {
            Node node = root.children.get(text.charAt(start));
            Match longest = node == null ? null : longest(text, start, node, budget);
            if (longest != null) {
                return longest;
            }
        }
        return null;
    }

    private static @Nullable Match longest(String text, int start, Node first, Budget budget) {
        Match longest = null;
        int at = start;
        for (Node node = first; node != null; ) {
            at++;
            if (node.token != null) {
                longest = new Match(start, at, node.token);
            }
            node = at < text.length() ? node.children.get(text.charAt(at)) : null;
        }
        budget.spend(at - start);
        return longest;
    }

    private static boolean isInWord(String text, Match match) {
        return match.start > 0 && UnicodeClass.isWord(text.codePointBefore(match.start))
                || match.end < text.length() && UnicodeClass.isWord(text.codePointAt(match.end));
    }

    private static int spaceBefore(String text, int start) {
        int at = start;
        while (at > 0 && UnicodeClass.isWhiteSpace(text.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    private static int spaceAfter(String text, int end) {
        int at = end;
        while (at < text.length() && UnicodeClass.isWhiteSpace(text.charAt(at))) {
            at++;
        }
        return at;
    }
}
