package io.orrery.engine.tokenizer;

/**
 * Decoding as ids come. What is returned is certain: whole characters that no later id can change, so the concatenation of all
 * answers and of {@link #flush} equals {@link Tokenizer#decode} of all ids. Confined to one thread.
 */
public interface TokenStream {
    /** The text that became certain by this id; often empty while a character is not complete. */
    String push(int id);

    /** The rest, once no more ids come; an incomplete character becomes U+FFFD. The stream is at its end then. */
    String flush();
}
