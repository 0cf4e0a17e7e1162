package io.orrery.registry.mirror;

import io.orrery.api.hub.HubError;
import io.orrery.api.hub.RepoRefs;
import io.orrery.api.hub.RepoType;
import io.orrery.api.hub.TreeEntry;
import io.orrery.registry.mirror.Answer.Absent;
import io.orrery.registry.mirror.Answer.Found;
import io.orrery.registry.mirror.Answer.What;
import io.orrery.registry.mirror.UpstreamException.Failure;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the other hub says of its repositories. */
@Component
class UpstreamApi {
    private static final int MOST_BYTES = 64 << 20;
    private static final int MOST_FILES = 2_000_000;
    private static final int PAGE = 1000;
    private static final Pattern NEXT = Pattern.compile("<[^>]*[?&]cursor=([^&>]+)[^>]*>\\s*;\\s*rel=\"?next\"?");

    private final UpstreamHttp http;
    /** Listings leave out what was not asked for, numbers too. */
    private final JsonMapper json = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    UpstreamApi(UpstreamHttp http) {
        this.http = http;
    }

    /** A repository at a revision. */
    Answer<UpstreamInfo> info(RepoType type, String name, String revision) {
        String path = api(type, name) + "/revision/" + encode(revision);
        HttpResponse<byte[]> answer = get(path + "?" + wanted(type));
        // a hub that knows fewer properties is asked for what it has
        HttpResponse<byte[]> plain = answer.statusCode() == 400 ? get(path) : answer;
        return read(path, plain, body -> UpstreamInfo.of(tree(path, body), name));
    }

    /** All files of a commit. */
    Answer<List<TreeEntry>> files(RepoType type, String name, String commit) {
        String path = api(type, name) + "/tree/" + commit + "?recursive=true&limit=" + PAGE;
        List<TreeEntry> files = new ArrayList<>();
        Optional<String> cursor = Optional.of("");
        while (cursor.isPresent()) {
            String page = cursor.get().isEmpty() ? path : path + "&cursor=" + cursor.get();
            HttpResponse<byte[]> response = get(page);
            Answer<TreeEntry[]> answer = read(page, response, body -> json.readValue(body, TreeEntry[].class));
            switch (answer) {
                case Absent<TreeEntry[]> absent -> {
                    return new Absent<>(absent.what(), absent.sentence());
                }
                case Found<TreeEntry[]> found -> Collections.addAll(files, found.value());
            }
            if (files.size() > MOST_FILES) {
                throw new UpstreamException(Failure.BROKEN, name + " has more than " + MOST_FILES + " files");
            }
            cursor = next(response);
        }
        return new Found<>(files);
    }

    Answer<RepoRefs> refs(RepoType type, String name) {
        String path = api(type, name) + "/refs";
        return read(path, get(path), body -> json.readValue(body, RepoRefs.class));
    }

    /** A commit as its hub's history tells it, with the number of its ancestors in {@code X-Total-Count}. */
    Answer<UpstreamCommit> commit(RepoType type, String name, String commit) {
        String path = api(type, name) + "/commits/" + commit + "?limit=1";
        HttpResponse<byte[]> response = get(path);
        return read(path, response, body -> UpstreamCommit.of(tree(path, body), response.headers()));
    }

    /** All that is used, and no list of files: the tree has them. The Hub refuses names that it does not know. */
    private static String wanted(RepoType type) {
        String ofAll = "sha lastModified createdAt private gated disabled tags cardData";
        String wanted = switch (type) {
            case MODEL -> ofAll + " pipeline_tag library_name config safetensors gguf";
            case DATASET, SPACE -> ofAll;
        };
        return "expand=" + wanted.replace(" ", "&expand=");
    }

    /** Percent escapes for all but what may stand in a segment. */
    static String encode(String segment) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : segment.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = (b >= 'a' && b <= 'z')
                    || (b >= 'A' && b <= 'Z')
                    || (b >= '0' && b <= '9')
                    || b == '-'
                    || b == '_'
                    || b == '.'
                    || b == '~';
            encoded.append(plain ? Character.toString(b) : "%%%02X".formatted(b));
        }
        return encoded.toString();
    }

    private static String api(RepoType type, String name) {
        return "/api/" + type.plural() + "/" + name;
    }

    private HttpResponse<byte[]> get(String path) {
        return http.get(http.address(path), Map.of(), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MOST_BYTES));
    }

    /** Only the cursor is taken: the rest of the address may be another server's. */
    private static Optional<String> next(HttpResponse<?> response) {
        return response.headers().allValues("Link").stream()
                .map(NEXT::matcher)
                .filter(Matcher::find)
                .map(link -> link.group(1))
                .findFirst();
    }

    private <T> Answer<T> read(String path, HttpResponse<byte[]> response, Function<byte[], T> parse) {
        if (response.statusCode() / 100 != 2) {
            return absent(path, response);
        }
        try {
            return new Found<>(parse.apply(response.body()));
        } catch (JacksonException e) {
            throw new UpstreamException(
                    Failure.BROKEN, http.hub() + path + " is not what a hub answers: " + e.getOriginalMessage(), e);
        }
    }

    private JsonNode tree(String path, byte[] body) {
        JsonNode tree = json.readTree(body);
        if (tree == null || tree.isMissingNode()) {
            throw new UpstreamException(Failure.BROKEN, http.hub() + path + " answered with nothing");
        }
        return tree;
    }

    /** Why there is nothing; throws where the answer is no such statement. */
    <T> Answer<T> absent(String path, HttpResponse<?> response) {
        String code = response.headers().firstValue(HubError.CODE).orElse("");
        String sentence = response.headers().firstValue(HubError.MESSAGE).orElse("");
        int status = response.statusCode();
        if (status == 401 && sentence.startsWith("Invalid credentials")) {
            throw new UpstreamException(
                    Failure.REFUSED,
                    http.hub() + " does not take this mirror's token; its administrator must renew it");
        }
        return switch (code) {
            case HubError.REPO_NOT_FOUND -> new Absent<>(What.REPOSITORY, sentence);
            case HubError.REVISION_NOT_FOUND -> new Absent<>(What.REVISION, sentence);
            case HubError.ENTRY_NOT_FOUND -> new Absent<>(What.ENTRY, sentence);
            case HubError.GATED_REPO -> new Absent<>(What.GATED, sentence);
            default ->
                switch (status) {
                    case 401, 404, 410 -> new Absent<>(What.REPOSITORY, sentence);
                    case 403 -> new Absent<>(What.FORBIDDEN, sentence);
                    default ->
                        throw new UpstreamException(
                                Failure.BROKEN, http.hub() + path + " answered " + status + ", which no hub does here");
                };
        };
    }
}
