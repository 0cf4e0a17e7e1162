package io.orrery.engine.convert;

import io.orrery.engine.tensor.DType;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a file is quantised to.
 *
 * @param mix which also gives the file its type number
 * @param pure every matrix in the mix's base type, as {@code llama-quantize --pure} does
 */
public record Target(Mix mix, boolean pure) {
    /** The types, and the mixes that are called otherwise. */
    public static String names() {
        return Arrays.stream(Mix.values())
                .flatMap(mix -> Stream.of(mix.base().name(), mix.name()))
                .distinct()
                .collect(Collectors.joining(", "));
    }

    /**
     * A type, as Q4_K, makes every matrix of it; a mix, as Q4_K_M, is llama-quantize's.
     *
     * @param mixed also takes llama-quantize's mix where a name, as Q4_0, is that of a type and of a mix
     * @throws ConversionException where there is no such type
     */
    public static Target named(String name, boolean mixed) {
        Optional<Mix> mix = Mix.named(name);
        if (mix.isPresent()) {
            return new Target(mix.get(), !mixed && !mix.get().isNamedAsMix());
        }
        DType dtype = Arrays.stream(Mix.values())
                .map(Mix::base)
                .filter(base -> base.name().equals(name.toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> new ConversionException("there is no type '" + name + "'; there are " + names()));
        if (mixed) {
            throw new ConversionException(dtype + " has several mixes; name one of them: " + dtype + "_S, " + dtype
                    + "_M" + (dtype == DType.Q3_K ? ", " + dtype + "_L" : ""));
        }
        return new Target(Mix.ofType(dtype), true);
    }
}
