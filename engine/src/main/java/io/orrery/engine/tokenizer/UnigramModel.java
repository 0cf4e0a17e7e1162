package io.orrery.engine.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The likeliest way to cut a piece into tokens, each having a log probability of its own (Kudo 2018). Neighbouring unknown
 * characters are one unknown token, or bytes. Immutable.
 *
 * <p>Source: tokenizers, models/unigram/model.rs, {@code encode_optimized}.
 */
final class UnigramModel implements TokenModel {
    /** What an unknown character costs below the worst token: {@code K_UNK_PENALTY}. */
    private static final double UNKNOWN_PENALTY = 10;

    private static final int[] NOTHING = {};

    private final Vocabulary vocabulary;
    private final double[] scores;
    private final ByteTrie trie;
    private final int unknown;
    private final int[] byteTokens = new int[256];
    private final boolean hasBytes;
    private final double unknownScore;

    /** A token and its log probability. */
    record Scored(String token, double score) {}

    /** @param unknown id of the unknown token, -1 where there is none */
    UnigramModel(List<Scored> tokens, int unknown, boolean byteFallback) {
        if (tokens.isEmpty()) {
            throw new TokenizerException("vocab of the tokenizer's model has no tokens");
        }
        List<String> names = tokens.stream().map(Scored::token).toList();
        this.vocabulary = Vocabulary.of(names);
        this.scores = tokens.stream().mapToDouble(Scored::score).toArray();
        this.trie = new ByteTrie(names);
        this.unknown = unknown;
        this.unknownScore = Arrays.stream(scores).min().orElse(0) - UNKNOWN_PENALTY;
        Arrays.setAll(byteTokens, b -> vocabulary.id(String.format("<0x%02X>", b)));
        this.hasBytes = byteFallback;
        if (unknown >= names.size()) {
            throw new TokenizerException(
                    "unk_id of the tokenizer's model is " + unknown + ", but it has " + names.size() + " tokens");
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
        byte[] bytes = piece.getBytes(StandardCharsets.UTF_8);
        return new Lattice(bytes).cut(budget);
    }

    /** The best way to every byte of a piece. */
    private final class Lattice {
        private final byte[] bytes;
        private final double[] best;
        private final int[] starts;
        private final int[] ids;

        Lattice(byte[] bytes) {
            this.bytes = bytes;
            this.best = new double[bytes.length + 1];
            this.starts = new int[bytes.length + 1];
            this.ids = new int[bytes.length + 1];
            Arrays.fill(starts, -1);
        }

        int[] cut(Budget budget) {
            for (int start = 0; start < bytes.length; ) {
                int next = start + characterLength(bytes[start]);
                if (!extend(start, next, budget)) {
                    reach(next, start, unknown, unknownScore);
                }
                start = next;
            }
            return path();
        }

        /** Along every token that begins here. @return whether one of them is as long as the character */
        private boolean extend(int start, int next, Budget budget) {
            boolean hasCharacter = false;
            int node = trie.root();
            int end = start;
            while (end < bytes.length) {
                node = trie.child(node, bytes[end]);
                if (node < 0) {
                    break;
                }
                end++;
                int id = trie.token(node);
                if (id >= 0) {
                    reach(end, start, id, scores[id]);
                    hasCharacter |= end == next;
                }
            }
            budget.spend(end - start);
            return hasCharacter;
        }

        private void reach(int end, int start, int id, double score) {
            double candidate = best[start] + score;
            if (starts[end] < 0 || candidate > best[end]) {
                best[end] = candidate;
                starts[end] = start;
                ids[end] = id;
            }
        }

        /** From the end to the beginning; unknown neighbours become one. */
        private int[] path() {
            int[] reversed = new int[bytes.length];
            int count = 0;
            int end = bytes.length;
            while (end > 0) {
                int start = starts[end];
                boolean isUnknown = ids[end] == unknown;
                while (isUnknown && start > 0 && ids[start] == unknown) {
                    start = starts[start];
                }
                count = isUnknown ? unknown(start, end, reversed, count) : put(ids[end], reversed, count);
                end = start;
            }
            int[] out = new int[count];
            for (int i = 0; i < count; i++) {
                out[i] = reversed[count - 1 - i];
            }
            return out;
        }

        private static int put(int id, int[] to, int count) {
            to[count] = id;
            return count + 1;
        }

        /** Last byte first. */
        private int unknown(int start, int end, int[] to, int count) {
            String text = new String(bytes, start, end - start, StandardCharsets.UTF_8);
            int known = vocabulary.id(text);
            if (known >= 0) {
                return put(known, to, count);
            }
            if (hasBytes && allBytes(start, end)) {
                int at = count;
                for (int i = end - 1; i >= start; i--) {
                    at = put(byteTokens[bytes[i] & 0xff], to, at);
                }
                return at;
            }
            if (unknown < 0) {
                throw new TokenizerException("the text holds " + Vocabulary.quoted(text)
                        + ", which the tokenizer has no token for, and it has no unknown token");
            }
            return put(unknown, to, count);
        }

        private boolean allBytes(int start, int end) {
            for (int i = start; i < end; i++) {
                if (byteTokens[bytes[i] & 0xff] < 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Bytes of the UTF-8 character that begins so. */
    private static int characterLength(byte first) {
        int b = first & 0xff;
        return b < 0x80 ? 1 : b < 0xe0 ? 2 : b < 0xf0 ? 3 : 4;
    }
}
