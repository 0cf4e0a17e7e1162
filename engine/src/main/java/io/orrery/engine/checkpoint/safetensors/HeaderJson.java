package io.orrery.engine.checkpoint.safetensors;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.safetensors.SafetensorsHeader.Entry;
import io.orrery.engine.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/** The JSON of a header, read token by token: no tree of a header of 100 MB is built. */
final class HeaderJson {
    private static final String METADATA = "__metadata__";
    private static final int MAX_RANK = 64;
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final String source;
    private final JsonParser parser;
    private final Map<String, String> metadata = new LinkedHashMap<>();
    private final List<Entry> entries = new ArrayList<>();

    private HeaderJson(String source, JsonParser parser) {
        this.source = source;
        this.parser = parser;
    }

    static HeaderJson parse(String source, byte[] json) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            HeaderJson header = new HeaderJson(source, parser);
            header.parse();
            return header;
        } catch (JacksonException e) {
            long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getByteOffset());
            throw new CheckpointException(
                    source,
                    "the header breaks at byte " + (SafetensorsHeader.LENGTH_BYTES + at) + " of the file: "
                            + e.getOriginalMessage() + "; download it again",
                    e);
        }
    }

    Map<String, String> metadata() {
        return metadata;
    }

    /** As they come, unchecked against each other. */
    List<Entry> entries() {
        return entries;
    }

    private void parse() {
        expect(parser.nextToken(), JsonToken.START_OBJECT, "the header");
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            if (name.equals(METADATA)) {
                readMetadata();
            } else {
                entries.add(entry(name));
            }
        }
        if (parser.nextToken() != null) {
            throw broken("something follows the JSON object of the header");
        }
    }

    private void readMetadata() {
        expect(parser.nextToken(), JsonToken.START_OBJECT, METADATA);
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            expect(parser.nextToken(), JsonToken.VALUE_STRING, METADATA + " " + key);
            metadata.put(key, parser.getString());
        }
    }

    private Entry entry(String name) {
        expect(parser.nextToken(), JsonToken.START_OBJECT, "tensor " + name);
        String dtype = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            switch (parser.currentName()) {
                case "dtype" -> {
                    expect(parser.nextToken(), JsonToken.VALUE_STRING, "the dtype of tensor " + name);
                    dtype = parser.getString();
                }
                case "shape" -> shape = sizes("the shape of tensor " + name, MAX_RANK);
                case "data_offsets" -> offsets = sizes("data_offsets of tensor " + name, 2);
                default -> {
                    parser.nextToken();
                    parser.skipChildren();
                }
            }
        }
        if (dtype == null || shape == null || offsets == null || offsets.size() != 2) {
            throw broken("tensor " + name + " must have a dtype, a shape and two data_offsets");
        }
        return new Entry(name, dtype, new Shape(shape), offsets.getFirst(), offsets.getLast());
    }

    private List<Long> sizes(String what, int most) {
        expect(parser.nextToken(), JsonToken.START_ARRAY, what);
        List<Long> sizes = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            expect(parser.currentToken(), JsonToken.VALUE_NUMBER_INT, what);
            long size = parser.getLongValue();
            if (size < 0 || sizes.size() == most) {
                throw broken(what + " must be at most " + most + " numbers from 0 on");
            }
            sizes.add(size);
        }
        return sizes;
    }

    private void expect(@Nullable JsonToken found, JsonToken wanted, String what) {
        if (found != wanted) {
            throw broken(what + " must be " + wanted + ", not " + found);
        }
    }

    private CheckpointException broken(String problem) {
        long at = SafetensorsHeader.LENGTH_BYTES
                + Math.max(0, parser.currentTokenLocation().getByteOffset());
        return new CheckpointException(source, problem + " (byte " + at + " of the file); download it again");
    }
}
