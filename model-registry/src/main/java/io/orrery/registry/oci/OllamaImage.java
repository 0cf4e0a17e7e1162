package io.orrery.registry.oci;

import io.orrery.engine.checkpoint.gguf.GgufHeader;
import io.orrery.engine.checkpoint.gguf.GgufMetadata;
import io.orrery.engine.template.ChatFormat;
import io.orrery.engine.template.ChatTemplate;
import io.orrery.engine.template.TemplateException;
import io.orrery.registry.oci.MadeContents.Document;
import io.orrery.registry.oci.MadeContents.FileLayer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/**
 * A GGUF file as Ollama wants it: the model, what it is prompted with, and how it is called. As on the Hub, files named {@code template},
 * {@code system} and {@code params} in the repository count before what is found out here. Confined to one thread.
 */
final class OllamaImage {
    private static final String LAYER = "application/vnd.ollama.image.";
    /** Templates that say what day it is get the one that Llama's have where none is given, so that digests stay. */
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2024-07-26T00:00:00Z"), ZoneOffset.UTC);

    /**
     * The files that an image is made of.
     *
     * @param named those that stand for a layer of their name: {@code template}, {@code system}, {@code params}, {@code license}
     */
    record Parts(FileLayer model, Optional<FileLayer> projector, Map<String, FileLayer> named) {}

    private final JsonMapper json;
    private final Parts parts;
    private final GgufHeader header;
    private final List<Manifest.Layer> layers = new ArrayList<>();
    private final List<Document> documents = new ArrayList<>();
    private final List<FileLayer> files = new ArrayList<>();

    OllamaImage(JsonMapper json, Parts parts, GgufHeader header) {
        this.json = json;
        this.parts = parts;
        this.header = header;
    }

    MadeContents.Made made() {
        add("model", parts.model());
        parts.projector().ifPresent(file -> add("projector", file));
        Optional<OllamaTemplate> template = template();
        addNamed("template", template.map(OllamaTemplate::text));
        addNamed("system", Optional.empty());
        addNamed("params", template.flatMap(OllamaTemplate::stop).map(this::parameters));
        addNamed("license", Optional.empty());
        List<String> digests = layers.stream().map(Manifest.Layer::digest).toList();
        Document config = document(
                OllamaConfig.MEDIA_TYPE,
                OllamaConfig.of(header, parts.projector().isPresent(), digests));
        documents.add(config);
        Manifest manifest = new Manifest(
                2,
                Manifest.DOCKER,
                null,
                Manifest.Layer.of(config.mediaType(), config.sha256(), config.content().length),
                layers,
                null);
        return new MadeContents.Made(document(Manifest.DOCKER, manifest), documents, files);
    }

    private Document document(String mediaType, Object value) {
        return Document.of(mediaType, json.writeValueAsBytes(value));
    }

    private void add(String kind, FileLayer file) {
        files.add(file);
        layers.add(Manifest.Layer.of(LAYER + kind, file.sha256(), file.size()));
    }

    private void addNamed(String kind, Optional<String> madeUp) {
        FileLayer file = parts.named().get(kind);
        if (file != null) {
            add(kind, file);
        } else if (madeUp.isPresent()) {
            Document document = Document.of(LAYER + kind, madeUp.get().getBytes(StandardCharsets.UTF_8));
            documents.add(document);
            layers.add(Manifest.Layer.of(document.mediaType(), document.sha256(), document.content().length));
        }
    }

    private String parameters(String stop) {
        return json.writeValueAsString(Map.of("stop", List.of(stop)));
    }

    private Optional<OllamaTemplate> template() {
        if (parts.named().containsKey("template")) {
            return Optional.empty();
        }
        try {
            return header.metadata()
                    .string("tokenizer.chat_template")
                    .flatMap(source -> OllamaTemplate.of(
                            new ChatFormat(ChatTemplate.parse(source), specialTokens(header.metadata()), CLOCK)));
        } catch (TemplateException unreadable) {
            return Optional.empty();
        }
    }

    /** A token that the tokenizer puts in front is none of the template's, or it would be there twice. */
    private static Map<String, String> specialTokens(GgufMetadata metadata) {
        Map<String, String> tokens = new TreeMap<>();
        for (String name : List.of("bos", "eos")) {
            tokens.put(name + "_token", token(metadata, "tokenizer.ggml." + name + "_token_id"));
        }
        if (metadata.flag("tokenizer.ggml.add_bos_token").orElse(true)) {
            tokens.put("bos_token", "");
        }
        return tokens;
    }

    private static String token(GgufMetadata metadata, String key) {
        Optional<Long> id = metadata.integer(key);
        Optional<List<String>> all = id.isEmpty() ? Optional.empty() : metadata.strings("tokenizer.ggml.tokens");
        return all.filter(tokens -> id.get() >= 0 && id.get() < tokens.size())
                .map(tokens -> tokens.get(Math.toIntExact(id.get())))
                .orElse("");
    }
}
