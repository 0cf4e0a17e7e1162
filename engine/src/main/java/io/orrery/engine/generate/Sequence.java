package io.orrery.engine.generate;

import io.orrery.engine.kvcache.BlockPool;
import io.orrery.engine.kvcache.BlockTable;
import io.orrery.engine.model.LoraAdapter;
import java.util.Arrays;
import java.util.Optional;

/** A request being generated: its tokens so far and how many of them the cache holds. Confined to the engine thread. */
final class Sequence {
    /** Tokens of a prompt that are scored in one step, which needs the logits of them all at once. */
    private static final int SCORED_CHUNK = 64;

    private final GenerationRequest request;
    private final Optional<LoraAdapter> adapter;
    private final Generation generation;
    private final Sampler sampler;
    private final BlockTable table;
    private final int limit;
    private final int recomputedBeyond;
    private int[] tokens;
    private int length;
    private int cached;
    private int scored;
    private boolean ended;

    /**
     * @param contextLength tokens that prompt and answer may have together
     * @param recomputedBeyond length beyond which what is cached must be computed anew, 0 for none: see Network
     */
    Sequence(
            GenerationRequest request,
            Optional<LoraAdapter> adapter,
            Generation generation,
            BlockPool pool,
            int contextLength,
            int recomputedBeyond) {
        this.request = request;
        this.adapter = adapter;
        this.generation = generation;
        this.sampler = new Sampler(request.sampling(), request.logprobs(), request.prompt());
        this.table = new BlockTable(pool);
        this.tokens = request.prompt().clone();
        this.length = tokens.length;
        this.limit = Math.min(contextLength, length + request.maxTokens());
        this.recomputedBeyond = recomputedBeyond;
        this.scored = request.scorePrompt() ? 1 : length;
    }

    GenerationRequest request() {
        return request;
    }

    Optional<LoraAdapter> adapter() {
        return adapter;
    }

    Generation generation() {
        return generation;
    }

    BlockTable table() {
        return table;
    }

    int length() {
        return length;
    }

    int cached() {
        return cached;
    }

    /** Tokens that the network has not seen: one while decoding, the prompt at first. */
    int pending() {
        return length - cached;
    }

    boolean isDecoding() {
        return pending() == 1 && length > request.prompt().length;
    }

    int token(int index) {
        return tokens[index];
    }

    /** Whether the logits after a token are used: to choose the next, or to score a token of the prompt. */
    boolean wantsLogits(int index) {
        return index == length - 1 || index + 1 >= scored && index + 1 < request.prompt().length;
    }

    /** Pending tokens that one step may take. */
    int longestChunk() {
        return scored < request.prompt().length ? Math.min(pending(), SCORED_CHUNK) : pending();
    }

    /** The network has seen so many more. */
    void advance(int count) {
        cached += count;
    }

    /** Gives its blocks back; everything is computed anew when its turn comes again. */
    void preempt() {
        table.release();
        cached = 0;
    }

    /** Takes the logits after a token. @return whether the sequence has ended */
    boolean take(int index, float[] logits) {
        if (index == length - 1) {
            return length == limit ? finish(FinishReason.LENGTH) : generate(logits);
        }
        scored = index + 2;
        generation.emit(new GenerationEvent.Scored(sampler.score(tokens[index + 1], logits)));
        return false;
    }

    /** Chooses and keeps the next token, and says so to the reader. @return whether that was the last */
    private boolean generate(float[] logits) {
        TokenChoice choice = sampler.choose(logits);
        if (request.stopTokens().contains(choice.token())) {
            return finish(FinishReason.STOP);
        }
        if (length == tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.min(limit, length + 64));
        }
        tokens[length++] = choice.token();
        if (length - 1 == recomputedBeyond) {
            cached = 0;
        }
        generation.emit(new GenerationEvent.Token(choice));
        return length == limit && finish(FinishReason.LENGTH);
    }

    boolean finish(FinishReason reason) {
        end(new GenerationEvent.Finished(reason));
        return true;
    }

    void fail(RuntimeException cause) {
        end(new GenerationEvent.Failed(cause));
    }

    /** A step that fails late may meet sequences that it ended itself: a reader is told one end only. */
    private void end(GenerationEvent last) {
        if (!ended) {
            ended = true;
            generation.emit(last);
            table.release();
        }
    }
}
