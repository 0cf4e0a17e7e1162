package io.orrery.finetune.registry;

/** The registry refused something, or could not be asked. */
public final class RegistryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean passing;

    RegistryException(String message, boolean passing, Throwable cause) {
        super(message, cause);
        this.passing = passing;
    }

    public RegistryException(String message, boolean passing) {
        super(message);
        this.passing = passing;
    }

    /** Whether the same may succeed later. */
    public boolean isPassing() {
        return passing;
    }
}
