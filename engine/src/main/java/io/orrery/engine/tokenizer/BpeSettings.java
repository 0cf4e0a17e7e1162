package io.orrery.engine.tokenizer;

/**
 * What a file says about its BPE model beside vocabulary and merges (tokenizers, models/bpe/model.rs). Dropout, a means of
 * training, is not applied.
 *
 * @param unknown the token for characters that the vocabulary lacks, or empty: they are left out then
 * @param subwordPrefix put before every character but a piece's first
 * @param wordSuffix put after a piece's last character
 * @param fuseUnknown whether neighbouring unknown characters are one token
 * @param byteFallback whether an unknown character becomes its bytes' tokens, {@code <0x0A>}
 * @param ignoreMerges whether a piece that is a token itself is not merged but taken
 */
record BpeSettings(
        String unknown,
        String subwordPrefix,
        String wordSuffix,
        boolean fuseUnknown,
        boolean byteFallback,
        boolean ignoreMerges) {
    static final BpeSettings BYTE_LEVEL = new BpeSettings("", "", "", false, false, false);

    BpeSettings ignoringMerges() {
        return new BpeSettings(unknown, subwordPrefix, wordSuffix, fuseUnknown, byteFallback, true);
    }
}
