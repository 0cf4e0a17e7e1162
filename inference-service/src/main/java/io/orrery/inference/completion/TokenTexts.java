package io.orrery.inference.completion;

import io.orrery.api.openai.TokenLogprob;
import io.orrery.engine.generate.TokenChoice;
import io.orrery.engine.tokenizer.TokenBytes;
import io.orrery.engine.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tokens as log probabilities show them: each with the text that it adds after the one before it, so that spaces are not lost.
 * Confined to the request's thread.
 */
final class TokenTexts {
    /** JSON has no infinity; what cannot come at all is as unlikely as in vLLM. */
    private static final double LEAST = -9999;

    private final Tokenizer tokenizer;

    TokenTexts(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /** @param before the token that stands before the first */
    List<TokenLogprob> logprobs(int before, List<TokenChoice> choices) {
        List<TokenLogprob> all = new ArrayList<>();
        int previous = before;
        for (TokenChoice choice : choices) {
            int place = previous;
            List<TokenLogprob> rivals = choice.alternatives().stream()
                    .map(rival -> logprob(place, rival.token(), rival.logprob(), null))
                    .toList();
            all.add(logprob(place, choice.token(), choice.logprob(), rivals));
            previous = choice.token();
        }
        return all;
    }

    private TokenLogprob logprob(int before, int token, float logprob, @Nullable List<TokenLogprob> rivals) {
        String text = text(before, token);
        byte[] bytes =
                text.indexOf('\uFFFD') < 0 ? text.getBytes(StandardCharsets.UTF_8) : TokenBytes.of(tokenizer, token);
        List<Integer> unsigned = new ArrayList<>(bytes.length);
        for (byte b : bytes) {
            unsigned.add(b & 0xFF);
        }
        return new TokenLogprob(text, finite(logprob), unsigned, rivals);
    }

    /** What a token adds to the text after another. */
    String text(int before, int token) {
        String one = tokenizer.decode(new int[] {before}, false);
        String both = tokenizer.decode(new int[] {before, token}, false);
        return both.startsWith(one) ? both.substring(one.length()) : first(token);
    }

    /** Of a prompt's first token. */
    String first(int token) {
        return tokenizer.decode(new int[] {token}, false);
    }

    static double finite(float logprob) {
        return logprob > LEAST ? logprob : LEAST;
    }

    /** The likeliest tokens' texts, likeliest first; of two with the same text the likelier counts. */
    Map<String, Double> rivals(int before, TokenChoice choice) {
        Map<String, Double> rivals = new LinkedHashMap<>();
        choice.alternatives()
                .forEach(rival -> rivals.putIfAbsent(text(before, rival.token()), finite(rival.logprob())));
        rivals.putIfAbsent(text(before, choice.token()), finite(choice.logprob()));
        return rivals;
    }
}
