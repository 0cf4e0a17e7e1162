package io.orrery.engine.plan;

import java.util.List;

/** The memory that something takes, part by part. */
public record Footprint(List<Part> parts) {
    public Footprint {
        parts = List.copyOf(parts);
    }

    /** Of all parts. */
    public long bytes() {
        return parts.stream().mapToLong(Part::bytes).reduce(0, Math::addExact);
    }

    /** Of the parts whose names begin so. */
    public long bytes(String prefix) {
        return parts.stream()
                .filter(part -> part.name().startsWith(prefix))
                .mapToLong(Part::bytes)
                .sum();
    }
}
