package io.orrery.registry.catalog;

import io.orrery.registry.wire.HubCall;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

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
    /** Conditions on {@code commit_facts f}. */
    static final String SQL = """
        and (cast(:family as text) is null or f.family = :family)
        and (cast(:dtype as text) is null or f.dtype = :dtype)
        and (cast(:quantization as text) is null or f.quantizations @> array[:quantization]::text[])
        and (cast(:license as text) is null or f.license = :license)
        and (cast(:library as text) is null or f.library_name = :library)
        and (cast(:minParameters as bigint) is null or f.parameters >= :minParameters)
        and (cast(:maxParameters as bigint) is null or f.parameters <= :maxParameters)
        and (cast(:minContext as bigint) is null or f.context_length >= :minContext)
        and (cast(:maxContext as bigint) is null or f.context_length <= :maxContext)
        """;

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

    /** Of the conditions' parameters. */
    Map<String, @Nullable Object> values() {
        Map<String, @Nullable Object> values = new HashMap<>();
        values.put("family", family.orElse(null));
        values.put("dtype", dtype.orElse(null));
        values.put("quantization", quantization.orElse(null));
        values.put("license", license.orElse(null));
        values.put("library", library.orElse(null));
        values.put("minParameters", number(parameters.min()));
        values.put("maxParameters", number(parameters.max()));
        values.put("minContext", number(contextLength.min()));
        values.put("maxContext", number(contextLength.max()));
        return values;
    }

    private static @Nullable Long number(OptionalLong bound) {
        return bound.isPresent() ? bound.getAsLong() : null;
    }

    private static Bounds bounds(HubCall call, String name) {
        return call.query(name).map(text -> Bounds.parse(name, text)).orElse(Bounds.NONE);
    }
}
