package io.orrery.registry.conversion;

import io.orrery.api.hub.ConversionRequest;
import io.orrery.engine.convert.ConversionException;
import io.orrery.engine.convert.Mix;
import io.orrery.engine.convert.Target;
import io.orrery.registry.wire.HubProblem;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is made of a model. */
enum Kind {
    SAFETENSORS(ConversionRequest.SAFETENSORS),
    GGUF(ConversionRequest.GGUF),
    QUANTIZE(ConversionRequest.QUANTIZE),
    DEQUANTIZE(ConversionRequest.DEQUANTIZE);

    private static final List<String> PLAIN = List.of("BF16", "F16", "F32");

    private final String word;

    Kind(String word) {
        this.word = word;
    }

    String word() {
        return word;
    }

    static Kind named(String word) {
        return Arrays.stream(values())
                .filter(kind -> kind.word.equals(word))
                .findFirst()
                .orElseThrow(() -> HubProblem.badRequest("kind must be one of "
                        + Arrays.stream(values()).map(Kind::word).collect(Collectors.joining(", ")) + ", but is '"
                        + word + "'"));
    }

    /** The type that is written, in the case of its format. @throws HubProblem that lists those that there are */
    Optional<String> type(@Nullable String asked) {
        Optional<String> type = Optional.ofNullable(asked).map(text -> text.toUpperCase(Locale.ROOT));
        return switch (this) {
            case SAFETENSORS -> {
                if (type.isPresent()) {
                    throw HubProblem.badRequest("safetensors keeps the numbers as they are and takes no type, but type"
                            + " is '" + asked + "'; dequantize writes others");
                }
                yield type;
            }
            case GGUF, QUANTIZE -> Optional.of(quantised(type));
            case DEQUANTIZE -> {
                if (!PLAIN.contains(type.orElse("BF16"))) {
                    throw HubProblem.badRequest(
                            "dequantize writes " + String.join(", ", PLAIN) + ", but type is '" + asked + "'");
                }
                yield Optional.of(type.orElse("BF16"));
            }
        };
    }

    private String quantised(Optional<String> type) {
        try {
            return type.filter(text -> target(text).mix().fileType() >= 0)
                    .orElseThrow(() -> HubProblem.badRequest(word + " needs a type; there are " + Target.names()));
        } catch (ConversionException e) {
            throw HubProblem.badRequest(String.valueOf(e.getMessage()));
        }
    }

    /** A name that is that of a type and of a mix, such as Q4_0, is the mix, as everybody who names a file so means it. */
    static Target target(String type) {
        boolean isMix = Arrays.stream(Mix.values()).anyMatch(mix -> mix.name().equals(type));
        return Target.named(type, isMix);
    }

    /** The name of a result for which none was given. */
    String resultName(String sourceName, Optional<String> type) {
        String plain = plainName(sourceName);
        return switch (this) {
            case SAFETENSORS -> plain + "-safetensors";
            case GGUF, QUANTIZE -> plain + "-" + type.orElseThrow() + "-GGUF";
            case DEQUANTIZE -> plain + "-" + type.orElseThrow();
        };
    }

    /** The model's name without its namespace and what says that it is in GGUF files. */
    static String plainName(String sourceName) {
        return sourceName.substring(sourceName.indexOf('/') + 1).replaceFirst("(?i)[-_.]gguf$", "");
    }
}
