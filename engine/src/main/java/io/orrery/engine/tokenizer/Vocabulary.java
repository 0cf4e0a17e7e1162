package io.orrery.engine.tokenizer;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Tokens and their ids, both ways. Immutable. */
final class Vocabulary {
    /** Sixteen million: the largest published vocabularies have a few hundred thousand tokens. */
    private static final int MAX_ID = (1 << 24) - 1;

    private static final int MAX_TOKEN_LENGTH = 1 << 16;

    private final Map<String, Integer> ids;
    private final String[] tokens;

    private Vocabulary(Map<String, Integer> ids, String[] tokens) {
        this.ids = ids;
        this.tokens = tokens;
    }

    /** @throws TokenizerException where two tokens have the same id, or an id is out of range */
    static Vocabulary of(Map<String, Integer> ids) {
        int size = 0;
        for (Map.Entry<String, Integer> entry : ids.entrySet()) {
            checkId(entry.getKey(), entry.getValue());
            size = Math.max(size, entry.getValue() + 1);
        }
        String[] tokens = new String[size];
        for (Map.Entry<String, Integer> entry : ids.entrySet()) {
            String other = tokens[entry.getValue()];
            if (other != null) {
                throw new TokenizerException("the tokens " + quoted(other) + " and " + quoted(entry.getKey())
                        + " have the same id " + entry.getValue());
            }
            tokens[entry.getValue()] = entry.getKey();
        }
        Arrays.setAll(tokens, i -> tokens[i] == null ? "" : tokens[i]);
        return new Vocabulary(new HashMap<>(ids), tokens);
    }

    /** The tokens' places are their ids; of equal tokens the last one's id is found. */
    static Vocabulary of(List<String> tokens) {
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 0; id < tokens.size(); id++) {
            checkId(tokens.get(id), id);
            ids.put(tokens.get(id), id);
        }
        return new Vocabulary(ids, tokens.toArray(String[]::new));
    }

    static void checkId(String token, long id) {
        if (id < 0 || id > MAX_ID) {
            throw new TokenizerException("token " + quoted(token) + " has id " + id + "; ids are 0 to " + MAX_ID);
        }
        if (token.length() > MAX_TOKEN_LENGTH) {
            throw new TokenizerException("token " + id + " has " + token.length() + " characters; at most "
                    + MAX_TOKEN_LENGTH + " are accepted");
        }
    }

    static String quoted(String token) {
        return '"' + (token.length() <= 60 ? token : token.substring(0, 60) + "...") + '"';
    }

    /** -1 where there is none. */
    int id(String token) {
        return ids.getOrDefault(token, -1);
    }

    /** Empty where there is none. */
    String token(int id) {
        return id >= 0 && id < tokens.length ? tokens[id] : "";
    }

    int size() {
        return tokens.length;
    }
}
