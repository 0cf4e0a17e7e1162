package io.orrery.engine.tokenizer;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A tokenizer.json as read: vocabulary and merges by streaming, as they are large, and the rest as trees.
 *
 * @param parts the file without its model
 * @param model the model without vocabulary and merges
 * @param vocabulary ids of tokens
 * @param scored tokens of Unigram with their log probabilities, by id
 * @param merges pairs of tokens, earliest first
 */
record TokenizerFile(
        ObjectNode parts,
        ObjectNode model,
        Map<String, Integer> vocabulary,
        List<UnigramModel.Scored> scored,
        List<Merge> merges) {
    /** Reads trees out of the middle of a file, where other tokens follow. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** @throws tools.jackson.core.JacksonException where it is not JSON, or nested too deeply */
    static TokenizerFile read(JsonParser parser) {
        TokenizerFile file = new TokenizerFile(
                JSON.createObjectNode(),
                JSON.createObjectNode(),
                new HashMap<>(),
                new ArrayList<>(),
                new ArrayList<>());
        expect(parser, parser.nextToken(), JsonToken.START_OBJECT, "the file");
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            parser.nextToken();
            if (key.equals("model")) {
                file.readModel(parser);
            } else {
                file.parts.set(key, JSON.readTree(parser));
            }
        }
        return file;
    }

    private void readModel(JsonParser parser) {
        expect(parser, parser.currentToken(), JsonToken.START_OBJECT, "model");
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String key = parser.currentName();
            JsonToken value = parser.nextToken();
            if (key.equals("vocab") && value == JsonToken.START_OBJECT) {
                readVocabulary(parser);
            } else if (key.equals("vocab") && value == JsonToken.START_ARRAY) {
                readScored(parser);
            } else if (key.equals("merges") && value == JsonToken.START_ARRAY) {
                readMerges(parser);
            } else {
                model.set(key, JSON.readTree(parser));
            }
        }
    }

    private void readVocabulary(JsonParser parser) {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String token = parser.currentName();
            expect(parser, parser.nextToken(), JsonToken.VALUE_NUMBER_INT, "the id of " + Vocabulary.quoted(token));
            long id = parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER ? -1 : parser.getLongValue();
            Vocabulary.checkId(token, id);
            if (vocabulary.put(token, (int) id) != null) {
                throw new TokenizerException("the vocabulary has the token " + Vocabulary.quoted(token) + " twice");
            }
        }
    }

    private void readScored(JsonParser parser) {
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            String place = "token " + scored.size();
            expect(parser, token, JsonToken.START_ARRAY, place);
            expect(parser, parser.nextToken(), JsonToken.VALUE_STRING, "the text of " + place);
            String text = parser.getString();
            Vocabulary.checkId(text, scored.size());
            JsonToken score = parser.nextToken();
            if (score != JsonToken.VALUE_NUMBER_INT) {
                expect(parser, score, JsonToken.VALUE_NUMBER_FLOAT, "the score of " + place);
            }
            scored.add(new UnigramModel.Scored(text, parser.getDoubleValue()));
            expect(parser, parser.nextToken(), JsonToken.END_ARRAY, "what follows the score of " + place);
        }
    }

    private void readMerges(JsonParser parser) {
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            if (token == JsonToken.VALUE_STRING) {
                // Files before tokenizers 0.20.
                merges.add(Merge.parse(parser.getString(), merges.size()));
            } else {
                expect(parser, token, JsonToken.START_ARRAY, "merge " + merges.size());
                merges.add(new Merge(part(parser), part(parser)));
                expect(
                        parser,
                        parser.nextToken(),
                        JsonToken.END_ARRAY,
                        "what follows two tokens in merge " + merges.size());
            }
        }
    }

    private String part(JsonParser parser) {
        expect(parser, parser.nextToken(), JsonToken.VALUE_STRING, "a token of merge " + merges.size());
        return parser.getString();
    }

    private static void expect(JsonParser parser, JsonToken found, JsonToken wanted, String what) {
        if (found != wanted) {
            throw new TokenizerException(what + " in the tokenizer is " + found + " at line "
                    + parser.currentTokenLocation().getLineNr() + "; " + wanted + " belongs there");
        }
    }
}
