package io.orrery.engine.tokenizer;

/**
 * Takes the text of tokens as it is decoded, in parts. Most tokens come in one part, which is first and last; fused ones come
 * in many. Confined to one thread.
 */
interface DecodeSink {
    /**
     * @param first whether a token begins with this part
     * @param last whether a token ends with this part
     */
    void take(String text, boolean first, boolean last);

    /** No more tokens come. */
    void end();
}
