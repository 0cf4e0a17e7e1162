package io.orrery.cli.tune;

import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A small YAML file as the JSON it stands for, with the line of each top-level key. Plain words are read as YAML 1.2 does (its core
 * schema, 10.3.2): {@code no} is a word and {@code 2e-4} a number. Bounded in size, depth and number of values.
 *
 * @param lines of the top-level keys, from 1
 */
record YamlFile(Path path, Map<String, Object> values, Map<String, Integer> lines) {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_DEPTH = 20;
    private static final int MAX_VALUES = 100_000;
    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]+");
    private static final Pattern DECIMAL =
            Pattern.compile("[-+]?(?:\\.[0-9]+|[0-9]+(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?");

    /** @throws JobFileException that names the file, the line and what is wrong there */
    static YamlFile read(Path path) {
        Reading reading = new Reading(path);
        Node root = reading.compose(text(path));
        if (!(root instanceof MappingNode mapping)) {
            throw new JobFileException(
                    path.getFileName() + " holds no 'key: value' lines; see orrery tune submit --help");
        }
        Map<String, Integer> lines = new LinkedHashMap<>();
        for (NodeTuple entry : mapping.getValue()) {
            lines.put(reading.key(entry), line(entry.getKeyNode()));
        }
        return new YamlFile(path, reading.map(mapping, 0), lines);
    }

    /** Where a top-level key stands, for a message: {@code job.yaml line 7}. */
    String where(String key) {
        Integer line = lines.get(key);
        return path.getFileName() + (line == null ? "" : " line " + line);
    }

    private static String text(Path path) {
        try {
            if (Files.size(path) > MAX_BYTES) {
                throw new JobFileException(path + " is larger than " + MAX_BYTES + " bytes, which no job file is");
            }
            return Files.readString(path);
        } catch (NoSuchFileException e) {
            throw new JobFileException("there is no file " + path, e);
        } catch (CharacterCodingException e) {
            throw new JobFileException(path + " is not UTF-8 text", e);
        } catch (IOException e) {
            throw new JobFileException(path + " cannot be read: " + e, e);
        }
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    /** One walk over the nodes, which counts them. */
    private static final class Reading {
        private final Path path;
        private int values;

        Reading(Path path) {
            this.path = path;
        }

        @Nullable
        Node compose(String text) {
            LoaderOptions options = new LoaderOptions();
            options.setNestingDepthLimit(MAX_DEPTH);
            options.setMaxAliasesForCollections(MAX_DEPTH);
            try {
                return new Yaml(options).compose(new StringReader(text));
            } catch (MarkedYAMLException e) {
                throw new JobFileException(problem(e), e);
            } catch (YAMLException e) {
                throw new JobFileException(path.getFileName() + ": " + e.getMessage(), e);
            }
        }

        private String problem(MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            String context = e.getContext() == null ? "" : " " + e.getContext();
            return path.getFileName() + " line " + line + ": " + e.getProblem() + context;
        }

        private JobFileException wrong(Node node, String what) {
            return new JobFileException(path.getFileName() + " line " + line(node) + ": " + what);
        }

        String key(NodeTuple entry) {
            if (entry.getKeyNode() instanceof ScalarNode scalar
                    && !scalar.getValue().isBlank()) {
                return scalar.getValue();
            }
            throw wrong(entry.getKeyNode(), "a key must be a word");
        }

        Map<String, Object> map(MappingNode mapping, int depth) {
            Map<String, Object> map = new LinkedHashMap<>();
            for (NodeTuple entry : mapping.getValue()) {
                String key = key(entry);
                if (map.containsKey(key)) {
                    throw wrong(entry.getKeyNode(), "'" + key + "' is there twice");
                }
                value(entry.getValueNode(), depth + 1, map, key);
            }
            return map;
        }

        /** A key without a value is left out, as JSON clients do with null. */
        private void value(Node node, int depth, Map<String, Object> into, String key) {
            if (!(node instanceof ScalarNode scalar) || !isNull(scalar)) {
                into.put(key, value(node, depth));
            }
        }

        private Object value(Node node, int depth) {
            if (depth > MAX_DEPTH || ++values > MAX_VALUES) {
                throw wrong(node, "this is nested too deeply, or holds too many values");
            }
            return switch (node) {
                case MappingNode mapping -> map(mapping, depth);
                case SequenceNode sequence -> list(sequence, depth);
                case ScalarNode scalar -> scalar(scalar);
                default -> throw wrong(node, "this is no value");
            };
        }

        private List<Object> list(SequenceNode sequence, int depth) {
            List<Object> list = new ArrayList<>();
            for (Node element : sequence.getValue()) {
                list.add(value(element, depth + 1));
            }
            return list;
        }

        private static boolean isNull(ScalarNode scalar) {
            return scalar.isPlain() && scalar.getTag().equals(Tag.NULL);
        }

        private static Object scalar(ScalarNode scalar) {
            String text = scalar.getValue();
            if (!scalar.isPlain()) {
                return text;
            }
            if (text.equals("true") || text.equals("false")) {
                return text.equals("true");
            }
            if (WHOLE.matcher(text).matches() && text.length() < 19) {
                return Long.parseLong(text);
            }
            return DECIMAL.matcher(text).matches() && text.length() < 40 ? new BigDecimal(text) : text;
        }
    }
}
