package io.orrery.engine.convert;

/** A model that cannot become what was asked for: why, and what can be done instead. */
public final class ConversionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConversionException(String message) {
        super(message);
    }
}
