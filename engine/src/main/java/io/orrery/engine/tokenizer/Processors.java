package io.orrery.engine.tokenizer;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Reads the post-processors of a tokenizer.json. */
final class Processors {
    private static final String KNOWN = "Sequence, ByteLevel, TemplateProcessing, RobertaProcessing, BertProcessing";

    private Processors() {}

    static PostProcessor read(Component of) {
        return switch (of.type()) {
            case "Sequence" ->
                new PostProcessor.Sequence(
                        of.list("processors").stream().map(Processors::read).toList());
            case "ByteLevel" -> new PostProcessor.Nothing();
            case "RobertaProcessing", "BertProcessing" ->
                new PostProcessor.Around(List.of(pairId(of, "cls")), List.of(pairId(of, "sep")));
            case "TemplateProcessing" -> template(of);
            default -> throw of.unknownType(KNOWN);
        };
    }

    /** {@code ["</s>", 2]}. */
    private static int pairId(Component of, String key) {
        JsonNode pair = of.node().path(key);
        if (!pair.isArray() || pair.size() != 2 || !pair.get(1).canConvertToInt()) {
            throw of.wrong(key, "a token and its id");
        }
        return pair.get(1).intValue();
    }

    private static PostProcessor template(Component of) {
        List<Integer> before = new ArrayList<>();
        List<Integer> after = new ArrayList<>();
        boolean seen = false;
        for (Component step : of.list("single")) {
            if (step.has("SpecialToken")) {
                (seen ? after : before)
                        .addAll(ids(of, step.child("SpecialToken").text("id")));
            } else if (step.has("Sequence") && !seen) {
                seen = true;
            } else {
                throw of.wrong("single", "special tokens around one text");
            }
        }
        if (!seen) {
            throw of.wrong("single", "special tokens around one text");
        }
        return new PostProcessor.Around(List.copyOf(before), List.copyOf(after));
    }

    private static List<Integer> ids(Component of, String token) {
        Component special = of.child("special_tokens").child(token);
        List<Integer> out = new ArrayList<>();
        for (JsonNode id : special.node().path("ids")) {
            if (!id.canConvertToInt()) {
                throw special.wrong("ids", "a list of token ids");
            }
            out.add(id.intValue());
        }
        if (out.isEmpty()) {
            throw special.wrong("ids", "a list of token ids");
        }
        return out;
    }
}
