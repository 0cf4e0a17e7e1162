package io.orrery.engine.tokenizer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Tokenizers of every model, with small vocabularies drawn from the texts, against Hugging Face's own library. */
class OracleTest {
    private static final String BERT =
            "{'type':'BertNormalizer','clean_text':%s,'handle_chinese_chars':%s,'strip_accents':%s,'lowercase':%s}";
    private static final String METASPACE = "{'type':'Metaspace','replacement':'▁','prepend_scheme':'%s','split':%s}";
    private static final String TEMPLATE =
            "{'type':'TemplateProcessing','single':[{'SpecialToken':{'id':'<s>','type_id':0}},{'Sequence':{'id':'A','type_id':0}},"
                    + "{'SpecialToken':{'id':'</s>','type_id':0}}],'pair':[{'Sequence':{'id':'A','type_id':0}},{'Sequence':{'id':'B','type_id':1}}],"
                    + "'special_tokens':{'<s>':{'id':'<s>','ids':[1],'tokens':['<s>']},'</s>':{'id':'</s>','ids':[2],'tokens':['</s>']}}}";

    private final Random random = new Random(5);
    private final List<String> texts = Oracle.texts(random);

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "true, true, null, true, true, 100",
        "true, true, false, false, false, 100",
        "false, false, true, true, true, 7",
        "true, true, true, false, true, 3",
    })
    void wordPiece(String clean, String chinese, String accents, String lower, boolean cleanup, int longest)
            throws IOException {
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        List.of("[UNK]", "<s>", "</s>").forEach(token -> vocabulary.put(token, vocabulary.size()));
        for (String piece : pieces(900)) {
            vocabulary.putIfAbsent(piece, vocabulary.size());
            vocabulary.putIfAbsent("##" + piece, vocabulary.size());
        }
        check(file(
                BERT.formatted(clean, chinese, accents, lower),
                "{'type':'BertPreTokenizer'}",
                TEMPLATE,
                "{'type':'WordPiece','prefix':'##','cleanup':" + cleanup + "}",
                "{'type':'WordPiece','unk_token':'[UNK]','continuing_subword_prefix':'##','max_input_chars_per_word':"
                        + longest + ",'vocab':" + json(vocabulary) + "}"));
    }

    @ParameterizedTest
    @CsvSource({"always, true, false", "first, false, true", "never, true, true", "always, false, true"})
    void unigram(String scheme, boolean split, boolean bytes) throws IOException {
        String metaspace = METASPACE.formatted(scheme, split);
        check(file("null", metaspace, TEMPLATE, metaspace, unigramModel(bytes)));
    }

    @Test
    void unigramBehindSentencePiecesRules() throws IOException {
        Map<String, String> rules = new TreeMap<>(Map.of(
                "ﬁ", "fi", "½", "1/2", "²", "2", "\u00a0", " ", "\t", " ", "e\u0301", "é", "日", "曰", "\u200b", "", "Σ",
                "s"));
        String normalizer = "{'type':'Sequence','normalizers':[{'type':'Precompiled','precompiled_charsmap':'"
                + charsMap(rules) + "'},{'type':'Replace','pattern':{'Regex':' {2,}'},'content':' '}]}";
        String metaspace = METASPACE.formatted("always", true);
        check(file(normalizer, metaspace, TEMPLATE, metaspace, unigramModel(false)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{'type':'Nmt'}", "{'type':'NFKD'}", "{'type':'Strip','strip_left':true,'strip_right':true}"})
    void unigramBehindOtherNormalizers(String normalizer) throws IOException {
        // not "first": tokenizers then asks whether the first character of the text survived, which is not kept here
        String metaspace = METASPACE.formatted("always", true);
        check(file(normalizer, metaspace, "null", metaspace, unigramModel(false)));
    }

    @Test
    void wordLevelAndFixedLength() throws IOException {
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        List.of("<unk>", "<s>", "</s>").forEach(token -> vocabulary.put(token, vocabulary.size()));
        texts.stream()
                .flatMap(text -> Stream.of(text.split("\\s+")))
                .filter(word -> !word.isEmpty())
                .limit(200)
                .forEach(word -> vocabulary.putIfAbsent(word, vocabulary.size()));
        String model = "{'type':'WordLevel','unk_token':'<unk>','vocab':" + json(vocabulary) + "}";
        check(file("null", "{'type':'WhitespaceSplit'}", "null", "null", model));
        check(file("null", "{'type':'FixedLength','length':3}", "null", "null", model));
    }

    @ParameterizedTest
    @CsvSource({"true, true, false", "true, false, true", "false, false, false", "false, true, true"})
    void sentencePieceBpe(boolean byteFallback, boolean fuse, boolean ignoreMerges) throws IOException {
        String normalizer = "{'type':'Sequence','normalizers':[{'type':'Prepend','prepend':'▁'},"
                + "{'type':'Replace','pattern':{'String':' '},'content':'▁'}]}";
        String decoder = "{'type':'Sequence','decoders':[{'type':'Replace','pattern':{'String':'▁'},'content':' '},"
                + "{'type':'ByteFallback'},{'type':'Fuse'},{'type':'Strip','content':' ','start':1,'stop':0}]}";
        check(file(normalizer, "null", TEMPLATE, decoder, bpeModel(byteFallback, fuse, ignoreMerges)));
    }

    @ParameterizedTest
    @CsvSource({
        "Removed, false",
        "Isolated, true",
        "MergedWithPrevious, false",
        "MergedWithNext, true",
        "Contiguous, false"
    })
    void splittingBpe(String behavior, boolean invert) throws IOException {
        String split =
                "{'type':'Sequence','pretokenizers':[{'type':'Split','pattern':{'Regex':'[\\\\s\\\\p{P}]+'},'behavior':'"
                        + behavior + "','invert':" + invert + "},{'type':'Digits','individual_digits':true}]}";
        check(file("{'type':'NFC'}", split, "null", "{'type':'Fuse'}", bpeModel(true, true, false)));
    }

    private void check(String json) throws IOException {
        try (Oracle oracle = Oracle.of(folder, json)) {
            oracle.agreesOn(texts);
            oracle.decodesAlike(random, 200);
        }
    }

    private static String file(String normalizer, String preTokenizer, String processor, String decoder, String model) {
        String added = Stream.of("<s>", "</s>")
                .map(token -> "{'id':" + (token.equals("<s>") ? 1 : 2) + ",'content':'" + token
                        + "','single_word':false,'lstrip':false,'rstrip':" + token.equals("</s>")
                        + ",'normalized':false,'special':true}")
                .reduce((a, b) -> a + "," + b)
                .orElseThrow();
        String parts = ("{'version':'1.0','truncation':null,'padding':null,'added_tokens':[" + added + "],'normalizer':"
                        + normalizer
                        + ",'pre_tokenizer':" + preTokenizer + ",'post_processor':" + processor + ",'decoder':"
                        + decoder
                        + ",'model':")
                .replace('\'', '"');
        // vocabularies come as JSON already, and may hold quotes of their own
        return parts + model.replaceAll("'([a-z_A-Z#\\[\\]<>0-9]+)'", "\"$1\"") + "}";
    }

    /** Substrings of the texts, short and long, and most of their characters. */
    private Set<String> pieces(int count) {
        Set<String> pieces = new LinkedHashSet<>();
        List<int[]> points = texts.stream()
                .map(text -> text.codePoints().toArray())
                .filter(text -> text.length > 0)
                .toList();
        for (int n = 0; n < count; n++) {
            int[] from = points.get(random.nextInt(points.size()));
            int start = random.nextInt(from.length);
            int length = Math.min(from.length - start, n % 3 == 0 ? 1 : random.nextInt(1, 6));
            pieces.add(new String(from, start, length).replace(' ', '▁'));
        }
        return pieces;
    }

    private String unigramModel(boolean bytes) {
        List<List<Object>> vocabulary = new ArrayList<>();
        vocabulary.add(List.of("<unk>", 0));
        vocabulary.add(List.of("<s>", 0));
        vocabulary.add(List.of("</s>", 0));
        pieces(1200).forEach(piece -> vocabulary.add(List.of(piece, -random.nextInt(100, 1200) / 100.0)));
        if (bytes) {
            byteTokens().forEach(token -> vocabulary.add(List.of(token, 0)));
        }
        return "{'type':'Unigram','unk_id':0,'byte_fallback':" + bytes + ",'vocab':" + json(vocabulary) + "}";
    }

    private String bpeModel(boolean byteFallback, boolean fuse, boolean ignoreMerges) {
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        List.of("<unk>", "<s>", "</s>").forEach(token -> vocabulary.put(token, vocabulary.size()));
        if (byteFallback) {
            byteTokens().forEach(token -> vocabulary.put(token, vocabulary.size()));
        }
        Set<String> pieces = pieces(900);
        pieces.forEach(piece -> piece.codePoints()
                .mapToObj(Character::toString)
                .filter(c -> random.nextInt(12) > 0)
                .forEach(c -> vocabulary.putIfAbsent(c, vocabulary.size())));
        List<List<String>> merges = new ArrayList<>();
        for (String piece : pieces) {
            merge(piece.codePoints().mapToObj(Character::toString).toList(), vocabulary, merges);
        }
        return "{'type':'BPE','dropout':null,'unk_token':'<unk>','continuing_subword_prefix':null,'end_of_word_suffix':null,"
                + "'fuse_unk':" + fuse + ",'byte_fallback':" + byteFallback + ",'ignore_merges':" + ignoreMerges
                + ",'vocab':"
                + json(vocabulary) + ",'merges':" + json(merges) + "}";
    }

    /** Joins random neighbours until one token is left; every step is a merge. */
    private void merge(List<String> symbols, Map<String, Integer> vocabulary, Collection<List<String>> merges) {
        List<String> left = new ArrayList<>(symbols);
        if (!vocabulary.keySet().containsAll(left)) {
            return;
        }
        while (left.size() > 1) {
            int at = random.nextInt(left.size() - 1);
            List<String> pair = List.of(left.get(at), left.get(at + 1));
            String joined = pair.get(0) + pair.get(1);
            if (vocabulary.putIfAbsent(joined, vocabulary.size()) == null) {
                merges.add(pair);
            }
            left.set(at, joined);
            left.remove(at + 1);
        }
    }

    private static List<String> byteTokens() {
        return Stream.iterate(0, b -> b + 1)
                .limit(256)
                .map("<0x%02X>"::formatted)
                .toList();
    }

    private static String json(Object value) {
        return JsonMapper.shared().writeValueAsString(value);
    }

    /** A double array as darts-clone lays it out, and the replacements behind it. */
    private static String charsMap(Map<String, String> rules) {
        ByteArrayOutputStream replacements = new ByteArrayOutputStream();
        Map<String, Integer> places = new LinkedHashMap<>();
        rules.forEach((from, to) -> {
            places.put(from, replacements.size());
            replacements.writeBytes(to.getBytes(StandardCharsets.UTF_8));
            replacements.write(0);
        });
        DoubleArray array = new DoubleArray();
        array.place(
                0,
                places.entrySet().stream()
                        .map(entry -> Map.entry(entry.getKey().getBytes(StandardCharsets.UTF_8), entry.getValue()))
                        .toList(),
                0);
        ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * array.units.length + replacements.size())
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(4 * array.units.length);
        for (int unit : array.units) {
            bytes.putInt(unit);
        }
        bytes.put(replacements.toByteArray());
        return Base64.getEncoder().encodeToString(bytes.array());
    }

    private static final class DoubleArray {
        private final int[] units = new int[1 << 14];
        private final boolean[] taken = new boolean[units.length];

        /** Puts the children of a node, keys that agree in so many bytes, behind a base where all are free. */
        void place(int node, List<Map.Entry<byte[], Integer>> keys, int depth) {
            taken[node] = true;
            Map<Integer, List<Map.Entry<byte[], Integer>>> children = new TreeMap<>();
            for (Map.Entry<byte[], Integer> key : keys) {
                int label = depth == key.getKey().length ? 0 : key.getKey()[depth] & 0xff;
                children.computeIfAbsent(label, _ -> new ArrayList<>()).add(key);
            }
            int base = 256;
            while (isTaken(base, children.keySet())) {
                base++;
            }
            boolean hasLeaf = children.containsKey(0);
            units[node] |= (base ^ node) << 10 | (hasLeaf ? 1 << 8 : 0);
            for (int label : children.keySet()) {
                taken[base ^ label] = true;
                units[base ^ label] = label == 0 ? children.get(0).getFirst().getValue() | 1 << 31 : label;
            }
            for (Map.Entry<Integer, List<Map.Entry<byte[], Integer>>> child : children.entrySet()) {
                if (child.getKey() != 0) {
                    place(base ^ child.getKey(), child.getValue(), depth + 1);
                }
            }
        }

        private boolean isTaken(int base, Set<Integer> labels) {
            return labels.stream().anyMatch(label -> taken[base ^ label]);
        }
    }
}
