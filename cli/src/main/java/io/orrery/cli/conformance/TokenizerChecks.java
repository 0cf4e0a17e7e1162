package io.orrery.cli.conformance;

import io.orrery.engine.template.ChatFormat;
import io.orrery.engine.template.TemplateException;
import io.orrery.engine.tokenizer.Tokenizer;
import io.orrery.engine.tokenizer.TokenizerJson;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** A repository's tokenizer over probes, and its chat template with the ids of what it renders. */
final class TokenizerChecks {
    private final GoldenCase golden;
    private final Checks checks;

    TokenizerChecks(GoldenCase golden, Checks checks) {
        this.golden = golden;
        this.checks = checks;
    }

    void check() {
        golden.peek("/tokenizer").propertyNames().stream()
                .filter(name -> !name.equals("probes"))
                .forEach(name -> golden.value("/tokenizer/" + GoldenCase.escaped(name)));
        Tokenizer tokenizer = TokenizerJson.read(golden.folder().resolve("tokenizer.json"));
        probes(tokenizer);
        if (!golden.peek("/chat").isEmpty()) {
            Optional<ChatFormat> format = ChatFormat.read(golden.folder());
            for (int i = 0; i < golden.peek("/chat").size(); i++) {
                chat(i, tokenizer, format.orElseThrow());
            }
        }
        golden.value("/chat");
    }

    private void probes(Tokenizer tokenizer) {
        probe("ids", (text, _) -> Arrays.toString(tokenizer.encode(text, true)));
        probe("ids_no_special", (text, _) -> Arrays.toString(tokenizer.encode(text, false)));
        probe("tokens", (text, want) -> tokens(tokenizer, tokenizer.encode(text, true), want));
        probe("decoded", (text, _) -> tokenizer.decode(tokenizer.encode(text, true), false));
        probe("decoded_skip_special", (text, _) -> tokenizer.decode(tokenizer.encode(text, true), true));
    }

    /** Computes one aspect of a text; what is wanted is there for what the wanted value says in other words. */
    private interface Aspect {
        String compute(String text, JsonNode want);
    }

    /** One aspect of every probe; a list is compared as it prints. */
    private void probe(String aspect, Aspect computed) {
        Tally tally = new Tally();
        JsonNode probes = golden.peek("/tokenizer/probes");
        for (int i = 0; i < probes.size(); i++) {
            String pointer = "/tokenizer/probes/" + i;
            String text = golden.value(pointer + "/text").asString("");
            JsonNode want = golden.value(pointer + "/" + aspect);
            if (!want.isMissingNode()) {
                tally.compare(text, computed.compute(text, want), printed(want));
            }
        }
        if (tally.compared() > 0) {
            checks.outcome("tokenizer.probes." + aspect, tally.difference());
        }
    }

    /** The tokenizers library counts the space that an added token swallowed as part of it; the vocabulary does not. */
    private static String tokens(Tokenizer tokenizer, int[] ids, JsonNode want) {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < ids.length; i++) {
            String token = tokenizer.token(ids[i]);
            String wanted = want.path(i).asString("");
            boolean swallowed = tokenizer.isSpecial(ids[i]) && wanted.strip().equals(token);
            tokens.add(swallowed ? wanted : token);
        }
        return tokens.toString();
    }

    private static String printed(JsonNode want) {
        if (want.isString()) {
            return want.stringValue();
        }
        List<String> elements = want.valueStream()
                .map(each -> each.isString() ? each.stringValue() : each.toString())
                .toList();
        return elements.toString();
    }

    private void chat(int number, Tokenizer tokenizer, ChatFormat format) {
        String pointer = "/chat/" + number;
        Map<String, Object> extra = new LinkedHashMap<>(Conversations.map(golden.value(pointer + "/kwargs")));
        boolean generate = Boolean.TRUE.equals(extra.remove("add_generation_prompt"));
        List<Map<String, Object>> messages = Conversations.messages(golden.value(pointer + "/messages"));
        JsonNode error = golden.value(pointer + "/error");
        String rendered;
        try {
            rendered = format.render(messages, generate, extra);
        } catch (TemplateException refused) {
            // the error reads "TemplateError: the template's own words"
            checks.equal("chat." + number + ".error", "TemplateError: " + refused.getMessage(), error.asString("none"));
            return;
        }
        checks.equal(pointer + "/rendered", rendered);
        checks.equal(
                "chat." + number + ".ids",
                Arrays.toString(tokenizer.encode(rendered, false)),
                Arrays.toString(Conversations.ids(golden.value(pointer + "/ids"))));
    }
}
