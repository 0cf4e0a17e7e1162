package io.orrery.registry.inspection;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** The front matter of a README.md: YAML between two lines of three dashes, of which only plain values are built. */
public sealed interface ModelCard {
    /** A card without front matter. */
    record Absent() implements ModelCard {}

    /** Front matter that cannot be read, in a sentence with the line. */
    record Broken(String message) implements ModelCard {}

    /** Values fit for JSON: maps, lists, texts, numbers, flags. */
    record Data(Map<String, Object> values) implements ModelCard {
        /** A text, where there is one. */
        Optional<String> text(String key) {
            return Optional.ofNullable(values.get(key))
                    .filter(String.class::isInstance)
                    .map(String.class::cast);
        }

        /** A text or a list of texts. */
        List<String> texts(String key) {
            Object value = values.get(key);
            if (value instanceof String text) {
                return List.of(text);
            }
            return value instanceof List<?> list
                    ? list.stream()
                            .filter(String.class::isInstance)
                            .map(String.class::cast)
                            .toList()
                    : List.of();
        }

        List<String> licences() {
            return texts("license").stream()
                    .map(name -> name.equals("other") ? text("license_name").orElse(name) : name)
                    .toList();
        }
    }

    Pattern FRONT_MATTER = Pattern.compile(
            "\\A\uFEFF?---[ \\t]*\\r?\\n(.*?)^---[ \\t]*(?:\\r?\\n|\\z)", Pattern.DOTALL | Pattern.MULTILINE);

    int MAX_DEPTH = 32;

    static ModelCard parse(String card) {
        Matcher matcher = FRONT_MATTER.matcher(card);
        if (!matcher.find() || matcher.group(1).isBlank()) {
            return new Absent();
        }
        try {
            Object loaded = new Yaml(new SafeConstructor(limits())).load(matcher.group(1));
            if (!(loaded instanceof Map<?, ?> map)) {
                return new Broken("The front matter must be a mapping of keys to values");
            }
            return new Data(mapping(map, 0));
        } catch (MarkedYAMLException e) {
            // the first line of the front matter is the second of the file
            int line = e.getProblemMark() == null ? 0 : e.getProblemMark().getLine() + 2;
            return new Broken("The front matter breaks at line " + line + " of the card: " + e.getProblem());
        } catch (YAMLException e) {
            return new Broken("The front matter cannot be read: " + e.getMessage());
        }
    }

    /** The licences that a card names, by a name of its own where it calls one {@code other}; none where it cannot be read. */
    static List<String> licences(String card) {
        return parse(card) instanceof Data data ? data.licences() : List.of();
    }

    /** As {@link #licences(String)}, of a card's front matter. */
    static List<String> licences(Map<String, Object> frontMatter) {
        return new Data(frontMatter).licences();
    }

    private static LoaderOptions limits() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(1 << 20);
        options.setMaxAliasesForCollections(50);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setAllowDuplicateKeys(false);
        options.setAllowRecursiveKeys(false);
        return options;
    }

    private static Map<String, Object> mapping(Map<?, ?> map, int depth) {
        Map<String, Object> values = new LinkedHashMap<>();
        map.forEach((key, value) -> values.put(String.valueOf(key), plain(value, depth + 1)));
        return values;
    }

    private static Object plain(@Nullable Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new YAMLException("it is nested more than " + MAX_DEPTH + " deep");
        }
        return switch (value) {
            case null -> "";
            case Map<?, ?> map -> mapping(map, depth);
            case Iterable<?> items -> {
                List<Object> list = new ArrayList<>();
                items.forEach(item -> list.add(plain(item, depth + 1)));
                yield list;
            }
            case Date date ->
                Instant.ofEpochMilli(date.getTime())
                        .atOffset(ZoneOffset.UTC)
                        .toLocalDate()
                        .toString();
            case Double number when !Double.isFinite(number) -> number.toString();
            case Number number -> number;
            case Boolean flag -> flag;
            default -> String.valueOf(value);
        };
    }
}
