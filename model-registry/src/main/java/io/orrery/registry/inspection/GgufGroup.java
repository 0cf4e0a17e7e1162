package io.orrery.registry.inspection;

import io.orrery.api.hub.RepoInfo.GgufFacts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A model in GGUF: one file, or the shards of one, which differ in their numbers (llama.cpp {@code gguf-split}). */
record GgufGroup(String name, List<ContentFacts> shards) {
    private static final Pattern SHARD = Pattern.compile("-\\d{5}-of-\\d{5}(?=\\.gguf$)", Pattern.CASE_INSENSITIVE);
    private static final Pattern PROJECTOR = Pattern.compile("(^|.*/)mmproj[^/]*", Pattern.CASE_INSENSITIVE);

    /** Those of the root folder first; projectors of images, which belong to a model, only where there is nothing else. */
    static List<GgufGroup> of(Map<String, ContentFacts> headers) {
        Map<String, List<ContentFacts>> groups = new TreeMap<>(
                Comparator.comparing((String name) -> PROJECTOR.matcher(name).matches())
                        .thenComparing(name -> name.indexOf('/') >= 0)
                        .thenComparing(Comparator.naturalOrder()));
        headers.forEach((path, header) -> {
            if (ContentFormat.of(path).filter(ContentFormat.GGUF::equals).isPresent()) {
                groups.computeIfAbsent(SHARD.matcher(path).replaceFirst(""), name -> new ArrayList<>())
                        .add(header);
            }
        });
        return groups.entrySet().stream()
                .map(group -> new GgufGroup(group.getKey(), List.copyOf(group.getValue())))
                .toList();
    }

    boolean isModel() {
        return !PROJECTOR.matcher(name).matches();
    }

    GgufFacts facts() {
        return new GgufFacts(
                shards.stream().mapToLong(ContentFacts::total).sum(),
                first(shards.stream().map(ContentFacts::architecture)),
                first(shards.stream().map(ContentFacts::contextLength)),
                first(shards.stream().map(ContentFacts::quantization)));
    }

    /** Elements of all shards by data type. */
    Map<String, Long> parameters() {
        Map<String, Long> parameters = new TreeMap<>();
        shards.forEach(shard -> shard.parameters().forEach((type, count) -> parameters.merge(type, count, Long::sum)));
        return parameters;
    }

    private static <T> @Nullable T first(Stream<T> values) {
        return values.filter(Objects::nonNull).findFirst().orElse(null);
    }
}
