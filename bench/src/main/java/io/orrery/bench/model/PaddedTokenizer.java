package io.orrery.bench.model;

import io.orrery.engine.tokenizer.BpeTrainer;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A byte-level tokenizer that was trained on a few sentences, with words of no merge behind it, so that every id has a text. */
final class PaddedTokenizer {
    private static final List<String> SPECIAL = List.of("<unk>", "<s>", "</s>", "<|user|>", "<|assistant|>");
    private static final List<String> TEXTS = List.of(
            "The quick brown fox jumps over the lazy dog, and the dog does not mind the fox at all.",
            "A model reads the words that were written before and writes the word that comes next.",
            "public static void main(String[] args) { for (int i = 0; i < 10; i++) { print(i); } }",
            "On the 12th of March 1994 there were 365 days left, or 366, as the year was long.");
    private static final String CONFIG = """
            {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "tokenizer_class": "PreTrainedTokenizerFast",
             "chat_template": "{% for m in messages %}<|{{ m.role }}|>{{ m.content }}{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"}
            """;

    private PaddedTokenizer() {}

    /** A tokenizer.json of so many tokens. */
    static String json(int vocabSize) {
        int learned = Math.min(vocabSize, 512);
        ObjectNode file = JsonMapper.shared()
                .readTree(BpeTrainer.train(TEXTS, learned, SPECIAL))
                .asObject();
        ObjectNode vocabulary = file.withObject("/model/vocab");
        for (int id = vocabulary.size(); id < vocabSize; id++) {
            vocabulary.put("\u0120w" + id, id);
        }
        return JsonMapper.shared().writeValueAsString(file);
    }

    /** A tokenizer_config.json with a chat template. */
    static String config() {
        return CONFIG;
    }
}
