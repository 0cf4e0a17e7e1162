package io.orrery.registry.repository;

import io.orrery.registry.wire.HubProblem;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Where a file is in a repository: segments that no file system and no git takes for something else. */
public record FilePath(List<String> segments) {
    private static final int MAX_BYTES = 4096;
    private static final int MAX_SEGMENT_BYTES = 255;

    public FilePath {
        segments = List.copyOf(segments);
    }

    /** Takes a path apart and refuses what must not be written. */
    public static FilePath parse(String path) {
        List<String> segments = List.of(path.split("/", -1));
        if (path.isEmpty() || path.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw refused(path, "it must have 1 to " + MAX_BYTES + " bytes");
        }
        for (String segment : segments) {
            check(path, segment);
        }
        if (segments.getFirst().equalsIgnoreCase(".git")) {
            throw refused(path, "nothing may be written under .git");
        }
        return new FilePath(segments);
    }

    private static void check(String path, String segment) {
        if (segment.isEmpty()) {
            throw refused(path, "it has an empty segment; write it without a slash in front, at its end, or doubled");
        }
        if (segment.equals(".") || segment.equals("..")) {
            throw refused(path, "it has the segment '" + segment + "'");
        }
        if (segment.chars().anyMatch(Character::isISOControl)) {
            throw refused(path.replaceAll("\\p{Cntrl}", "?"), "it has a control character");
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(segment)) {
            throw refused(path, "it has half a character");
        }
        if (segment.getBytes(StandardCharsets.UTF_8).length > MAX_SEGMENT_BYTES) {
            throw refused(path, "a segment has more than " + MAX_SEGMENT_BYTES + " bytes");
        }
    }

    private static HubProblem refused(String path, String why) {
        String shown = path.length() > 200 ? path.substring(0, 200) + "..." : path;
        return HubProblem.badRequest("The path '" + shown + "' is refused: " + why);
    }

    @Override
    public String toString() {
        return String.join("/", segments);
    }
}
