package io.orrery.registry.wire;

import io.orrery.api.hub.RepoType;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A request's path, taken apart on the raw text: repository ids have one or two segments, revisions and file names hold encoded slashes,
 * semicolons and plus signs that Spring's and Tomcat's parsers would change. Each segment is decoded once.
 *
 * @param pattern the route's name, such as {@code /api/{type}/{repo}/tree}
 * @param repo id of the repository, empty on routes without one
 * @param rest decoded segments after the pattern
 */
public record HubPath(String pattern, RepoType type, String repo, List<String> rest) {
    /** The words after which a repository's id is over; no repository may be named so. */
    public static final Set<String> MARKERS = Set.of(
            "revision",
            "tree",
            "treesize",
            "paths-info",
            "refs",
            "commits",
            "commit",
            "preupload",
            "branch",
            "tag",
            "settings",
            "auth-check",
            "super-squash",
            "lfs-files",
            "xet-read-token",
            "xet-write-token",
            "discussions",
            "like",
            "likers",
            "duplicate",
            "user-access-request",
            "ask-access",
            "lineage",
            "resolve",
            "raw",
            "blob");

    private static final Set<String> IMAGE_MARKERS = Set.of("manifests", "blobs", "tags", "referrers");
    private static final Set<String> FILE_MARKERS = Set.of("resolve", "raw", "ask-access");

    /** Whose pages are no repositories'; the name is what is left of the path. */
    private static final Map<String, String> OWNERS = Map.of("users", "{user}", "organizations", "{organization}");

    public HubPath {
        rest = List.copyOf(rest);
    }

    /** Takes a raw path apart; a path that is no route of a hub keeps itself as its pattern. Throws on a broken percent escape. */
    public static HubPath parse(String rawPath) {
        List<String> segments = new ArrayList<>();
        String trimmed = rawPath.startsWith("/") ? rawPath.substring(1) : rawPath;
        for (String raw : trimmed.split("/", -1)) {
            segments.add(decode(raw));
        }
        return switch (segments.getFirst()) {
            case "api" -> api(rawPath, segments);
            case "lfs" -> signed(rawPath, segments);
            case "cas" -> cas(segments);
            case "v2" -> images(rawPath, segments.subList(1, segments.size()));
            default -> files(rawPath, segments);
        };
    }

    /** The raw path that this one was parsed from, with another repository's id in the place of this one's. */
    String withRepo(String rawPath, String otherRepo) {
        List<String> segments = new ArrayList<>(List.of(rawPath.split("/", -1)));
        int prefix = pattern.startsWith("/v2/") ? 1 : 0;
        int from = pattern.startsWith("/api/") ? 3 : prefix + (type.filePrefix().isEmpty() ? 1 : 2);
        List<String> id = segments.subList(from, from + (repo.indexOf('/') < 0 ? 1 : 2));
        id.clear();
        id.add(pattern.startsWith("/{repo}.git/") ? otherRepo + ".git" : otherRepo);
        return String.join("/", segments);
    }

    private static HubPath api(String rawPath, List<String> segments) {
        Optional<RepoType> type = segments.size() < 2 ? Optional.empty() : byPlural(segments.get(1));
        if (type.isEmpty()) {
            if (segments.size() == 3 && segments.get(1).equals("conversions")) {
                return new HubPath("/api/conversions/{id}", RepoType.MODEL, "", segments.subList(2, 3));
            }
            return segments.size() == 4 && OWNERS.containsKey(segments.get(1)) ? owner(segments) : unknown(rawPath);
        }
        List<String> rest = segments.subList(2, segments.size());
        if (rest.isEmpty() || rest.equals(List.of(""))) {
            return new HubPath("/api/{type}", type.get(), "", List.of());
        }
        for (int i = 1; i <= 2 && i < rest.size(); i++) {
            if (MARKERS.contains(rest.get(i))) {
                return new HubPath(
                        "/api/{type}/{repo}/" + rest.get(i),
                        type.get(),
                        String.join("/", rest.subList(0, i)),
                        withoutTrailingSlash(rest.subList(i + 1, rest.size())));
            }
        }
        return rest.size() <= 2
                ? new HubPath("/api/{type}/{repo}", type.get(), String.join("/", rest), List.of())
                : unknown(rawPath);
    }

    private static HubPath owner(List<String> segments) {
        String kind = segments.get(1);
        return new HubPath(
                "/api/" + kind + "/" + OWNERS.get(kind) + "/" + segments.get(3),
                RepoType.MODEL,
                "",
                segments.subList(2, 3));
    }

    private static HubPath signed(String rawPath, List<String> segments) {
        return segments.size() == 3 && segments.get(1).equals("objects")
                ? new HubPath("/lfs/objects/{oid}", RepoType.MODEL, "", segments.subList(2, 3))
                : unknown(rawPath);
    }

    /** A hash, and where there is one a prefix before it, is no part of the route's name. */
    private static HubPath cas(List<String> segments) {
        int named = Math.min(
                segments.size(), segments.get(Math.min(1, segments.size() - 1)).equals("xorb") ? 2 : 3);
        return new HubPath(
                "/" + String.join("/", segments.subList(0, named)),
                RepoType.MODEL,
                "",
                segments.subList(named, segments.size()));
    }

    /** Container registries' routes: a repository's manifests, blobs, tags and what refers to them. */
    private static HubPath images(String rawPath, List<String> segments) {
        if (segments.isEmpty() || segments.equals(List.of(""))) {
            return new HubPath("/v2", RepoType.MODEL, "", List.of());
        }
        RepoType type = segments.size() > 3 ? byFilePrefix(segments.getFirst()) : RepoType.MODEL;
        List<String> rest = type == RepoType.MODEL ? segments : segments.subList(1, segments.size());
        for (int marker : new int[] {rest.size() - 2, rest.size() - 1}) {
            if ((marker == 1 || marker == 2) && IMAGE_MARKERS.contains(rest.get(marker))) {
                return new HubPath(
                        "/v2/{repo}/" + rest.get(marker),
                        type,
                        String.join("/", rest.subList(0, marker)),
                        rest.subList(marker + 1, rest.size()));
            }
        }
        return unknown(rawPath);
    }

    private static RepoType byFilePrefix(String segment) {
        return byPlural(segment)
                .filter(prefixed -> !prefixed.filePrefix().isEmpty())
                .orElse(RepoType.MODEL);
    }

    private static HubPath files(String rawPath, List<String> segments) {
        RepoType type = byFilePrefix(segments.getFirst());
        List<String> rest = type == RepoType.MODEL ? segments : segments.subList(1, segments.size());
        for (int i = 1; i <= 2 && i < rest.size(); i++) {
            String before = rest.get(i - 1);
            if (before.endsWith(".git") && rest.get(i).equals("info")) {
                String repo = String.join("/", rest.subList(0, i));
                return new HubPath(
                        "/{repo}.git/" + String.join("/", rest.subList(i, rest.size())),
                        type,
                        repo.substring(0, repo.length() - ".git".length()),
                        List.of());
            }
            if (FILE_MARKERS.contains(rest.get(i))) {
                return new HubPath(
                        "/{repo}/" + rest.get(i),
                        type,
                        String.join("/", rest.subList(0, i)),
                        rest.subList(i + 1, rest.size()));
            }
        }
        return unknown(rawPath);
    }

    private static HubPath unknown(String rawPath) {
        return new HubPath(rawPath, RepoType.MODEL, "", List.of());
    }

    private static List<String> withoutTrailingSlash(List<String> segments) {
        return !segments.isEmpty() && segments.getLast().isEmpty()
                ? segments.subList(0, segments.size() - 1)
                : segments;
    }

    private static Optional<RepoType> byPlural(String plural) {
        for (RepoType type : RepoType.values()) {
            if (type.plural().equals(plural)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** Percent escapes only: a plus sign stays one, as {@code URLDecoder} would not have it. */
    private static String decode(String raw) {
        if (raw.indexOf('%') < 0) {
            return raw;
        }
        byte[] encoded = raw.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream(encoded.length);
        for (int i = 0; i < encoded.length; i++) {
            if (encoded[i] != '%') {
                decoded.write(encoded[i]);
                continue;
            }
            int high = digit(encoded, i + 1);
            int low = digit(encoded, i + 2);
            if (high < 0 || low < 0) {
                throw HubProblem.badRequest("The address has a broken percent escape in '" + raw + "'");
            }
            decoded.write(high << 4 | low);
            i += 2;
        }
        return utf8(decoded.toByteArray(), raw);
    }

    private static int digit(byte[] bytes, int index) {
        return index < bytes.length ? Character.digit(bytes[index], 16) : -1;
    }

    private static String utf8(byte[] bytes, String raw) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw HubProblem.badRequest("The address is not UTF-8 in '" + raw + "'");
        }
    }
}
