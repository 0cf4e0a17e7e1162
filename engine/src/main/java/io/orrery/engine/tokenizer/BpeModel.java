package io.orrery.engine.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Byte pair encoding: a piece's characters, merged by a table. Immutable but for its cache; safe for many threads. */
final class BpeModel implements TokenModel {
    private static final int ABSENT = -1;
    private static final int[] NOTHING = {};

    private final Vocabulary vocabulary;
    private final MergeTable merges;
    private final BpeSettings settings;
    private final int unknown;
    private final int[] byteTokens = new int[256];
    private final PieceCache cache = new PieceCache();

    BpeModel(Vocabulary vocabulary, MergeTable merges, BpeSettings settings) {
        this.vocabulary = vocabulary;
        this.merges = merges;
        this.settings = settings;
        this.unknown = settings.unknown().isEmpty() ? ABSENT : vocabulary.id(settings.unknown());
        Arrays.setAll(byteTokens, b -> vocabulary.id(String.format("<0x%02X>", b)));
        if (unknown == ABSENT && !settings.unknown().isEmpty()) {
            throw new TokenizerException(
                    "the unknown token " + Vocabulary.quoted(settings.unknown()) + " is not in the vocabulary");
        }
    }

    @Override
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    @Override
    public int[] encode(String piece, Budget budget) {
        if (piece.isEmpty()) {
            return NOTHING;
        }
        if (settings.ignoreMerges() && vocabulary.id(piece) != ABSENT) {
            return new int[] {vocabulary.id(piece)};
        }
        int[] known = cache.get(piece);
        if (known != null) {
            return known;
        }
        int[] ids = symbols(piece).merged(merges);
        cache.put(piece, ids);
        return ids;
    }

    private Symbols symbols(String piece) {
        Symbols symbols = new Symbols(piece.length());
        boolean pending = false;
        for (int i = 0, next; i < piece.length(); i = next) {
            next = i + Character.charCount(piece.codePointAt(i));
            String symbol = symbol(piece, i, next);
            int id = vocabulary.id(symbol);
            if (id != ABSENT) {
                pending = flush(pending, symbols);
                symbols.add(id);
            } else if (!settings.byteFallback() || !addBytes(symbol, symbols)) {
                // As in tokenizers, an unknown character waits for the next known one, and bytes go before it.
                if (!settings.fuseUnknown()) {
                    flush(pending, symbols);
                }
                pending = unknown != ABSENT;
            }
        }
        flush(pending, symbols);
        return symbols;
    }

    private String symbol(String piece, int start, int end) {
        String symbol = piece.substring(start, end);
        if (start > 0 && !settings.subwordPrefix().isEmpty()) {
            symbol = settings.subwordPrefix() + symbol;
        }
        return end == piece.length() ? symbol + settings.wordSuffix() : symbol;
    }

    private boolean flush(boolean pending, Symbols symbols) {
        if (pending) {
            symbols.add(unknown);
        }
        return false;
    }

    private boolean addBytes(String symbol, Symbols symbols) {
        byte[] bytes = symbol.getBytes(StandardCharsets.UTF_8);
        for (byte b : bytes) {
            if (byteTokens[b & 0xFF] == ABSENT) {
                return false;
            }
        }
        for (byte b : bytes) {
            symbols.add(byteTokens[b & 0xFF]);
        }
        return true;
    }
}
