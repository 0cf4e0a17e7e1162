package io.orrery.engine.tokenizer;

import java.util.OptionalInt;

/** Text to token ids and back. Immutable and safe for use by many threads. */
public interface Tokenizer {
    /** One more than the highest id; ids in between may be unused. */
    int vocabSize();

    /**
     * The ids of a text. Tokens of the file that stand in the text, special ones too, are recognised there.
     *
     * @param addSpecialTokens whether the file's own beginning and end (as {@code <s>}) are put around the text
     * @throws TokenizerException where the file's patterns cost more on this text than {@link Budget} allows
     */
    int[] encode(String text, boolean addSpecialTokens);

    /** The text of ids; ids that no token has are passed over, as a model's padded rows may be sampled. */
    String decode(int[] ids, boolean skipSpecialTokens);

    /** The id of a token as it is written in the vocabulary ({@code Ġthe}, {@code <|im_end|>}). */
    OptionalInt id(String token);

    /** A token as it is written in the vocabulary; empty for an id that no token has. */
    String token(int id);

    /** Whether {@code skipSpecialTokens} leaves this token out. */
    boolean isSpecial(int id);

    /** Decodes ids one at a time. */
    TokenStream stream(boolean skipSpecialTokens);
}
