package io.orrery.registry.catalog;

import io.orrery.registry.wire.HubCall;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the weights of a repository are to be, by the columns of its facts. {@code num_parameters} is the Hub's; the others are ours, since
 * the Hub has no names for them.
 */
record Properties(
        Optional<String> family,
        Optional<String> dtype,
        Optional<String> quantization,
        Optional<String> license,
        Optional<String> library,
        Bounds parameters,
        Bounds contextLength) {
    static Properties of(HubCall call) {
        return new Properties(
                call.query("family"),
                call.query("dtype"),
                call.query("quantization"),
                call.query("license"),
                call.query("library"),
                bounds(call, "num_parameters"),
                bounds(call, "context_length"));
    }

    /** Conditions on {@code commit_facts f}. */
    void addTo(Conditions conditions) {
        conditions
                .addIf(family, "f.family = :family", "family")
                .addIf(dtype, "f.dtype = :dtype", "dtype")
                .addIf(quantization, "f.quantizations @> array[:quantization]::text[]", "quantization")
                .addIf(license, "f.license = :license", "license")
                .addIf(library, "(f.library_name = :library or f.tags @> array[:library]::text[])", "library")
                .addIf(number(parameters.min()), "f.parameters >= :minParameters", "minParameters")
                .addIf(number(parameters.max()), "f.parameters <= :maxParameters", "maxParameters")
                .addIf(number(contextLength.min()), "f.context_length >= :minContext", "minContext")
                .addIf(number(contextLength.max()), "f.context_length <= :maxContext", "maxContext");
    }

    private static Optional<Long> number(OptionalLong bound) {
        return bound.isPresent() ? Optional.of(bound.getAsLong()) : Optional.empty();
    }

    private static Bounds bounds(HubCall call, String name) {
        return call.query(name).map(text -> Bounds.parse(name, text)).orElse(Bounds.NONE);
    }
}
