package io.orrery.registry.repository;

import io.orrery.api.hub.CreateRepoRequest;
import io.orrery.api.hub.RepoType;
import io.orrery.registry.blob.ContentBatch;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.wire.HubProblem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** What is in a repository from its first commit on: the rules for large files, and what its maker asked for. */
@Component
class FirstFiles {
    /** As the Hub's own first commit says. */
    private static final String RULES = rules(
            "*.7z *.arrow *.avro *.bin *.bz2 *.ckpt *.ftz *.gguf *.gz *.h5 *.joblib *.lfs.* *.mlmodel *.model *.msgpack"
                    + " *.npy *.npz *.onnx *.ot *.parquet *.pb *.pickle *.pkl *.pt *.pth *.rar *.safetensors"
                    + " saved_model/**/* *.tar.* *.tar *.tflite *.tgz *.wasm *.xz *.zip *.zst *tfevents*");

    private static final String MEDIA =
            rules("*.pcm *.sam *.raw *.aac *.flac *.mp3 *.ogg *.wav *.bmp *.gif *.png *.tiff *.jpg *.jpeg *.webp *.mp4"
                    + " *.webm");

    private final Contents store;

    FirstFiles(Contents store) {
        this.store = store;
    }

    /** Publishes the contents and answers the changes that put them into a tree. */
    List<Change> store(RepoType type, CreateRepoRequest request) throws IOException {
        Map<String, byte[]> contents = new LinkedHashMap<>();
        String rules = type == RepoType.DATASET ? RULES + MEDIA : RULES;
        contents.put(".gitattributes", rules.getBytes(StandardCharsets.UTF_8));
        if (request.license() != null || request.sdk() != null) {
            contents.put("README.md", card(request).getBytes(StandardCharsets.UTF_8));
        }
        if (request.files() != null) {
            request.files().forEach(file -> contents.put(file.path(), decoded(file)));
        }
        List<Change> changes = new ArrayList<>();
        try (ContentBatch batch = store.batch()) {
            for (Map.Entry<String, byte[]> content : contents.entrySet()) {
                FilePath path = FilePath.parse(content.getKey());
                Sha256 sha256 = batch.add(path.toString(), content.getValue());
                changes.add(new Change.Put(path, GitBlob.regular(content.getValue(), sha256)));
            }
            store.publish(batch.staged());
        }
        return changes;
    }

    private static String card(CreateRepoRequest request) {
        StringBuilder card = new StringBuilder("---\n");
        if (request.license() != null) {
            card.append("license: ").append(word("license", request.license())).append('\n');
        }
        if (request.sdk() != null) {
            card.append("sdk: ").append(word("sdk", request.sdk())).append('\n');
        }
        return card.append("---\n").toString();
    }

    private static String word(String key, String value) {
        if (!value.matches("[\\w.+-]{1,64}")) {
            throw HubProblem.badRequest("Invalid " + key + " identifier: '" + value + "'");
        }
        return value;
    }

    private static byte[] decoded(CreateRepoRequest.File file) {
        if (!"base64".equals(file.encoding())) {
            return file.content().getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(file.content());
        } catch (IllegalArgumentException e) {
            throw HubProblem.badRequest("The content of " + file.path() + " is not base64: " + e.getMessage());
        }
    }

    private static String rules(String patterns) {
        return Stream.of(patterns.split(" "))
                .map(pattern -> pattern + " filter=lfs diff=lfs merge=lfs -text\n")
                .collect(Collectors.joining());
    }
}
