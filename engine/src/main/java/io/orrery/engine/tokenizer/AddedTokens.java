package io.orrery.engine.tokenizer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A file's added tokens: those sought in the text as given, and those sought in the normalized text. Immutable. */
final class AddedTokens {
    private final Map<Integer, AddedToken> byId = new HashMap<>();
    private final Map<String, AddedToken> byContent = new HashMap<>();
    private final AddedTokenMatcher rawTexts;
    private final AddedTokenMatcher normalizedTexts;
    private final Normalizer normalizer;

    AddedTokens(List<AddedToken> tokens, Normalizer normalizer) {
        this.normalizer = normalizer;
        for (AddedToken token : tokens) {
            byId.put(token.id(), token);
            byContent.put(token.content(), token);
        }
        rawTexts = new AddedTokenMatcher(
                tokens.stream().filter(token -> !token.normalized()).toList(), content -> content);
        normalizedTexts = new AddedTokenMatcher(
                tokens.stream().filter(AddedToken::normalized).toList(), this::normalized);
    }

    /** Hands on normalized pieces and added tokens, in order. */
    void split(String text, Budget budget, Consumer<Piece> pieces, Consumer<AddedToken> tokens) {
        Consumer<Piece> normalize = piece -> {
            Piece after = new Piece(normalizer.normalize(piece.text(), budget), piece.atStart());
            normalizedTexts.split(after, budget, pieces, tokens);
        };
        rawTexts.split(new Piece(text, true), budget, normalize, tokens);
    }

    /** How a token is written for decoding: as it stands in the text that the model sees. */
    String decodable(AddedToken token) {
        return token.normalized() ? normalized(token.content()) : token.content();
    }

    private String normalized(String content) {
        return normalizer.normalize(content, Budget.of(content));
    }

    @Nullable
    AddedToken byId(int id) {
        return byId.get(id);
    }

    @Nullable
    AddedToken byContent(String content) {
        return byContent.get(content);
    }

    int size() {
        return byId.keySet().stream().mapToInt(id -> id + 1).max().orElse(0);
    }
}
