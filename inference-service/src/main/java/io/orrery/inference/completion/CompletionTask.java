package io.orrery.inference.completion;

import io.orrery.api.openai.CompletionRequest;
import io.orrery.engine.tokenizer.Tokenizer;
import io.orrery.inference.model.Lease;
import io.orrery.inference.wire.OpenAiProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A plain completion that was asked for. Immutable.
 *
 * @param sources of the prompts: a text, or a list of token ids
 */
record CompletionTask(Ask ask, List<Object> sources, int most, int logprobs, boolean showLogprobs, boolean echo)
        implements Task {
    private static final int DEFAULT_TOKENS = 16;
    private static final int MOST_LOGPROBS = 5;
    private static final int MOST_PROMPTS = 2048;

    /** @throws OpenAiProblem that names the field at fault */
    static CompletionTask of(CompletionRequest request) {
        Ask ask = Ask.of(request);
        String suffix = request.suffix();
        if (suffix != null && !suffix.isEmpty()) {
            throw OpenAiProblem.invalid("suffix", "suffix is not built yet; send the request without it.");
        }
        Integer bestOf = request.bestOf();
        if (bestOf != null && bestOf != ask.n()) {
            throw OpenAiProblem.invalid("best_of", "best_of is not built yet; send the request without it.");
        }
        boolean echo = Boolean.TRUE.equals(request.echo());
        int most = (int) Ask.range(
                "max_tokens",
                Optional.ofNullable(request.maxTokens()).orElse(DEFAULT_TOKENS),
                echo ? 0 : 1,
                Integer.MAX_VALUE);
        Integer logprobs = request.logprobs();
        if (logprobs != null) {
            Ask.range("logprobs", logprobs, 0, MOST_LOGPROBS);
        }
        // an echo alone is computed as the score of its prompt, and shows none
        int reported = logprobs == null ? most == 0 ? 0 : -1 : logprobs;
        return new CompletionTask(ask, sources(request.prompt()), most, reported, logprobs != null, echo);
    }

    private static List<Object> sources(@Nullable Object prompt) {
        List<Object> sources = switch (prompt) {
            case String text -> List.of(text);
            case List<?> ids when !ids.isEmpty() && ids.stream().allMatch(Integer.class::isInstance) -> List.of(ids);
            case List<?> several
            when !several.isEmpty() && several.stream().allMatch(CompletionTask::isPrompt) -> List.copyOf(several);
            case null, default ->
                throw OpenAiProblem.invalid(
                        "prompt",
                        "prompt must be a text, a list of texts, a list of token ids, or a list of lists of token ids, and not"
                                + " empty.");
        };
        if (sources.size() > MOST_PROMPTS) {
            throw OpenAiProblem.invalid(
                    "prompt",
                    "prompt holds " + sources.size() + " prompts; at most " + MOST_PROMPTS + " are taken at once.");
        }
        return sources;
    }

    private static boolean isPrompt(Object prompt) {
        return prompt instanceof String
                || prompt instanceof List<?> ids
                        && !ids.isEmpty()
                        && ids.stream().allMatch(Integer.class::isInstance);
    }

    @Override
    public int maxTokens(int promptTokens, int contextLength) {
        return Math.min(most, Math.max(1, contextLength - promptTokens));
    }

    @Override
    public boolean scorePrompt() {
        return echo && logprobs >= 0;
    }

    @Override
    public List<Prompt> prompts(Lease lease) {
        List<Prompt> prompts = new ArrayList<>();
        for (Object source : sources) {
            Prompt prompt = prompt(source, lease);
            if (prompt.tokens().length == 0) {
                throw OpenAiProblem.invalid("prompt", "A prompt has no tokens; it must have at least one.");
            }
            prompts.add(prompt);
        }
        return prompts;
    }

    private static Prompt prompt(Object source, Lease lease) {
        Tokenizer tokenizer = lease.tokenizer();
        return switch (source) {
            case List<?> ids -> {
                int[] tokens = ids.stream().mapToInt(id -> (Integer) id).toArray();
                for (int token : tokens) {
                    if (token < 0 || token >= lease.vocabSize()) {
                        throw OpenAiProblem.invalid(
                                "prompt",
                                "prompt holds the token id " + token + ", but the vocabulary has only 0.."
                                        + (lease.vocabSize() - 1) + ".");
                    }
                }
                yield new Prompt(tokens, tokenizer.decode(tokens, true));
            }
            default -> new Prompt(tokenizer.encode((String) source, true), (String) source);
        };
    }

    @Override
    public AnswerFormat format(Lease lease) {
        return new CompletionAnswer(ask.model(), new TokenTexts(lease.tokenizer()), showLogprobs, echo);
    }
}
