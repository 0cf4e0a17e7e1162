package io.orrery.engine.plan;

/** A named part of the memory that something takes. */
public record Part(String name, long bytes) {
    public Part {
        if (bytes < 0) {
            throw new IllegalArgumentException(name + " cannot take " + bytes + " bytes");
        }
    }
}
