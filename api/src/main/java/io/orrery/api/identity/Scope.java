package io.orrery.api.identity;

/** What a key or a service token may do. On the wire a scope is its {@link #value}, several are separated by spaces. */
public enum Scope {
    /** Read models and datasets. */
    MODELS_READ("models:read"),
    /** Create repositories and commit to them. */
    MODELS_WRITE("models:write"),
    /** Ask models. */
    INFERENCE("inference"),
    /** See files and fine-tuning jobs. */
    TUNE_READ("tune:read"),
    /** Upload training files, submit and cancel jobs. */
    TUNE_WRITE("tune:write"),
    /** Manage keys, see metrics. */
    ADMIN("admin");

    private final String value;

    Scope(String value) {
        this.value = value;
    }

    public String value() {
        return value;
    }

    /** The authority that Spring Security makes of this scope in a bearer token. */
    public String authority() {
        return "SCOPE_" + value;
    }
}
