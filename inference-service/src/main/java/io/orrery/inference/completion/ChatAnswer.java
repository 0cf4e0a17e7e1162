package io.orrery.inference.completion;

import io.orrery.api.openai.ChatCompletion;
import io.orrery.api.openai.ChatCompletionChunk;
import io.orrery.api.openai.ChatCompletionChunk.Delta;
import io.orrery.api.openai.ChatLogprobs;
import io.orrery.api.openai.Usage;
import io.orrery.engine.generate.TextPiece;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A chat completion on the wire. */
final class ChatAnswer implements AnswerFormat {
    private final AnswerIds ids;
    private final TokenTexts texts;
    private final boolean logprobs;
    /** The token before a choice's next one. */
    private final Map<Integer, Integer> before = new HashMap<>();

    ChatAnswer(String model, TokenTexts texts, boolean logprobs) {
        this.ids = AnswerIds.of("chatcmpl-", model);
        this.texts = texts;
        this.logprobs = logprobs;
    }

    @Override
    public Optional<Object> begin(Choice choice) {
        return Optional.of(chunk(choice, new Delta("assistant", ""), null, null));
    }

    @Override
    public Optional<Object> piece(Choice choice, TextPiece piece) {
        if (piece.text().isEmpty() && !logprobs) {
            return Optional.empty();
        }
        return Optional.of(chunk(choice, new Delta(null, piece.text()), logprobs(choice, piece), null));
    }

    private @Nullable ChatLogprobs logprobs(Choice choice, TextPiece piece) {
        if (!logprobs || piece.tokens().isEmpty()) {
            return null;
        }
        int[] prompt = choice.prompt().tokens();
        int previous = before.getOrDefault(choice.index(), prompt[prompt.length - 1]);
        before.put(choice.index(), piece.tokens().getLast().token());
        return new ChatLogprobs(texts.logprobs(previous, piece.tokens()));
    }

    @Override
    public Object end(Choice choice, String finishReason) {
        return chunk(choice, new Delta(null, null), null, finishReason);
    }

    private ChatCompletionChunk chunk(
            Choice choice, Delta delta, @Nullable ChatLogprobs logprobs, @Nullable String finishReason) {
        return chunk(List.of(new ChatCompletionChunk.Choice(choice.index(), delta, logprobs, finishReason)), null);
    }

    @Override
    public Object usage(Usage usage) {
        return chunk(List.of(), usage);
    }

    private ChatCompletionChunk chunk(List<ChatCompletionChunk.Choice> choices, @Nullable Usage usage) {
        return new ChatCompletionChunk(
                ids.id(), ChatCompletionChunk.OBJECT, ids.created(), ids.model(), choices, usage);
    }

    @Override
    public Object whole(List<Spoken> choices, Usage usage) {
        return new ChatCompletion(
                ids.id(),
                ChatCompletion.OBJECT,
                ids.created(),
                ids.model(),
                choices.stream().map(this::whole).toList(),
                usage);
    }

    private ChatCompletion.Choice whole(Spoken spoken) {
        TextPiece all = spoken.joined();
        return new ChatCompletion.Choice(
                spoken.choice().index(),
                new ChatCompletion.Message(all.text()),
                logprobs(spoken.choice(), all),
                spoken.finishReason());
    }
}
