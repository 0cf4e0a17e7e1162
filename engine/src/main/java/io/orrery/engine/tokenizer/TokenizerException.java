package io.orrery.engine.tokenizer;

/** A tokenizer's file is not usable, or a text costs more than is allowed; the message says what was found and where. */
public final class TokenizerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TokenizerException(String message) {
        super(message);
    }

    public TokenizerException(String message, Throwable cause) {
        super(message, cause);
    }
}
