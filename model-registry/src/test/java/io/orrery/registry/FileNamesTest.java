package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoType;
import io.orrery.api.identity.Scope;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every name goes through commit, tree, paths-info, resolve and raw, as Python's and as JavaScript's clients write it. */
class FileNamesTest extends RunningRegistry {
    private static final String API = "/api/models/lab/names";

    /** https://url.spec.whatwg.org/#path-percent-encode-set, which is all that fetch encodes. */
    private static final String FETCH_ENCODES = " \"#<>?`{}^";

    @BeforeEach
    void repository() {
        alice().createRepo(RepoType.MODEL, "lab/names", false, true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "with space.txt",
                " leading and trailing ",
                "hash#1.txt",
                "100%.txt",
                "%2e%2e",
                "%41",
                "a%2Fb.txt",
                "plus+plus",
                "a&b=c",
                "what?.txt",
                "semi;colon;x=y.txt",
                "quote'and\"quote",
                "[brackets](and){braces}",
                "~tilde^caret`tick",
                "pipe|at@dollar$!*,:",
                "back\\slash",
                "<angle>",
                "日本語/ファイル.txt",
                "emoji 🚀.bin",
                "caf\u00e9.txt",
                "cafe\u0301.txt",
                "line\u2028separator",
                "-dash",
                "--",
                ".hidden",
                "...",
                "..a",
                "a..",
                ".github/x",
                "resolve/main/tree",
                "a/b/c/d/e/f/g/h/i/j/k/l.txt"
            })
    void aNameComesBackAsItWasGiven(String name) throws Exception {
        String content = "content of " + name;
        assertThat(commit(name, content).statusCode()).isEqualTo(200);
        assertListed(name);
        for (String address : List.of(python(name, "/"), javaScript(name))) {
            if (address.equals(javaScript(name)) && name.matches("(?s).*[#?%\\\\].*")) {
                continue; // JavaScript's clients cannot write these
            }
            assertThat(raw("/lab/names/resolve/main/" + address)).as(address).endsWith("\r\n\r\n" + content);
            assertThat(raw("/lab/names/raw/main/" + address)).as(address).endsWith("\r\n\r\n" + content);
        }
    }

    private void assertListed(String name) throws IOException {
        String[] segments = name.split("/");
        String parent = name.substring(0, Math.max(0, name.lastIndexOf('/')));
        JsonNode listed =
                json(get(API + "/tree/main" + (parent.isEmpty() ? "" : "/" + python(parent, "")) + "?limit=1000"));
        assertThat(listed.valueStream().map(item -> item.path("path").asString()))
                .contains(name);
        JsonNode known = json(call(
                "POST",
                API + "/paths-info/main",
                "paths=" + form(name) + "&expand=False",
                "Content-Type",
                "application/x-www-form-urlencoded"));
        assertThat(known.at("/0/path").asString()).isEqualTo(name);
        JsonNode asJson = json(call(
                "POST",
                API + "/paths-info/main",
                JsonMapper.shared().writeValueAsString(Map.of("paths", List.of(name, segments[0])))));
        assertThat(asJson.at("/0/path").asString()).isEqualTo(name);
        String folder = raw(API + "/tree/main/" + python(name, ""));
        assertThat(folder)
                .as("a file is no folder")
                .startsWith("HTTP/1.1 404")
                .containsIgnoringCase("X-Error-Code: EntryNotFound");
    }

    @Test
    void namesThatDifferOnlyInTheirNormalFormAreTwo() {
        commit("normal/\u00e9", "composed");
        commit("normal/e\u0301", "decomposed");
        assertThat(json(get(API + "/tree/main/normal")).size()).isEqualTo(2);
        assertThat(get("/lab/names/resolve/main/normal/%C3%A9").body()).isEqualTo("composed");
        assertThat(get("/lab/names/resolve/main/normal/e%CC%81").body()).isEqualTo("decomposed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "../x",
                "a/../b",
                "a/./b",
                "/etc/passwd",
                "a//b",
                "a/",
                ".git",
                ".git/config",
                ".GIT/hooks/x",
                "zero\0",
                "new\nline",
                "bell\u0007",
            })
    void whatIsNoNameIsRefused(String name) {
        HttpResponse<String> answer = commit(name, "x");
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("is refused");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../etc/passwd",
                "%2e%2e/x",
                "..%2f..%2fx",
                "%2e%2e%2f%2e%2e%2fx",
                "a/../.gitattributes",
                "./.gitattributes",
                "%2e/.gitattributes",
                "/.gitattributes",
                "%2f.gitattributes",
                ".gitattributes/",
                "..;/x",
                "%00",
                "a%00b",
                "%zz",
                "%",
                "%c3",
                "%c0%ae%c0%ae/x",
                "..%5c..%5cx",
                ".git/config"
            })
    void thereIsNoWayAroundThePath(String path) throws Exception {
        for (String route : List.of("/lab/names/resolve/main/", "/lab/names/raw/main/", API + "/tree/main/")) {
            assertThat(raw(route + path)).as(route + path).matches("(?s)HTTP/1.1 40[04] .*");
        }
    }

    @Test
    void halfACharacterIsRefused() {
        HttpResponse<String> answer = call("POST", API + "/commit/main", """
            {"key":"header","value":{"summary":"s"}}
            {"key":"file","value":{"path":"half\\ud83d","content":"x"}}\
            """);
        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains("it has half a character");
    }

    private HttpResponse<String> commit(String name, String content) {
        JsonMapper json = JsonMapper.shared();
        String line = json.writeValueAsString(
                Map.of("key", "file", "value", Map.of("path", name, "content", content, "encoding", "utf-8")));
        return call("POST", API + "/commit/main", "{\"key\":\"header\",\"value\":{\"summary\":\"s\"}}\n" + line);
    }

    /** Python's quote. */
    private static String python(String text, String safe) {
        return encode(
                text,
                c -> "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-~".indexOf(c) < 0
                        && safe.indexOf(c) < 0);
    }

    private static String form(String text) {
        return python(text, "").replace("%20", "+").replace("~", "%7E");
    }

    private static String javaScript(String text) {
        return encode(text, c -> FETCH_ENCODES.indexOf(c) >= 0 || c < 0x20 || c > 0x7e);
    }

    private static String encode(String text, IntPredicate encoded) {
        StringBuilder out = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            int c = b & 0xff;
            out.append(encoded.test(c) ? String.format(Locale.ROOT, "%%%02X", c) : Character.toString(c));
        }
        return out.toString();
    }

    /** A request whose path Java's client would not send as it is. */
    private String raw(String path) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: localhost:" + port
                                    + "\r\nConnection: close\r\nAuthorization: Bearer "
                                    + Tokens.of("alice", "lab", Scope.MODELS_READ) + "\r\n\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
