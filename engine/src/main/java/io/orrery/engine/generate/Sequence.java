package io.orrery.engine.generate;

import io.orrery.engine.kvcache.BlockPool;
import io.orrery.engine.kvcache.BlockTable;
import java.util.Arrays;

/** A request being generated: its tokens so far and how many of them the cache holds. Confined to the engine thread. */
final class Sequence {
    private final GenerationRequest request;
    private final Generation generation;
    private final Sampler sampler;
    private final BlockTable table;
    private final int limit;
    private int[] tokens;
    private int length;
    private int cached;

    /** @param contextLength tokens that prompt and answer may have together */
    Sequence(GenerationRequest request, Generation generation, BlockPool pool, int contextLength) {
        this.request = request;
        this.generation = generation;
        this.sampler = new Sampler(request.sampling(), request.logprobs(), request.prompt());
        this.table = new BlockTable(pool);
        this.tokens = request.prompt().clone();
        this.length = tokens.length;
        this.limit = Math.min(contextLength, length + request.maxTokens());
    }

    GenerationRequest request() {
        return request;
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

    /** The network has seen so many more. */
    void advance(int count) {
        cached += count;
    }

    /** Gives its blocks back; everything is computed anew when its turn comes again. */
    void preempt() {
        table.release();
        cached = 0;
    }

    /** Chooses and keeps the next token, and says so to the reader. @return whether that was the last */
    boolean generate(float[] logits) {
        TokenChoice choice = sampler.choose(logits);
        if (request.stopTokens().contains(choice.token())) {
            return finish(FinishReason.STOP);
        }
        if (length == tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.min(limit, length + 64));
        }
        tokens[length++] = choice.token();
        generation.emit(new GenerationEvent.Token(choice));
        return length == limit && finish(FinishReason.LENGTH);
    }

    boolean finish(FinishReason reason) {
        generation.emit(new GenerationEvent.Finished(reason));
        table.release();
        return true;
    }

    void fail(RuntimeException cause) {
        generation.emit(new GenerationEvent.Failed(cause));
        table.release();
    }
}
