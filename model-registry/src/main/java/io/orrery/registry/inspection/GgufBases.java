package io.orrery.registry.inspection;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.gguf.GgufMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The repositories that a GGUF file names as its base models. Source of the keys: ggml {@code docs/gguf.md}, "Source metadata". */
final class GgufBases {
    private static final int MOST = 32;
    private static final Pattern REPOSITORY = Pattern.compile("(?:https?://[^/]+/)?([\\w.-]{1,96}/[\\w.-]{1,96})/?");

    private GgufBases() {}

    static List<String> of(GgufMetadata metadata) {
        List<String> bases = new ArrayList<>();
        long count = integer(metadata, "general.base_model.count").orElse(0L);
        for (int i = 0; i < Math.min(MOST, count); i++) {
            text(metadata, "general.base_model." + i + ".repo_url").ifPresent(address -> {
                Matcher repository = REPOSITORY.matcher(address);
                if (repository.matches()) {
                    bases.add(repository.group(1));
                }
            });
        }
        return bases;
    }

    /** Values of other kinds than the keys ask for are nobody's base. */
    private static Optional<String> text(GgufMetadata metadata, String key) {
        try {
            return metadata.string(key);
        } catch (CheckpointException e) {
            return Optional.empty();
        }
    }

    private static Optional<Long> integer(GgufMetadata metadata, String key) {
        try {
            return metadata.integer(key);
        } catch (CheckpointException e) {
            return Optional.empty();
        }
    }
}
