package io.orrery.registry.discussion;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Something that was said or done in a discussion, by somebody, at a time. */
record Happening(long id, String author, Instant at, What what) {
    /** What a client sees of it under {@code data}, and what is kept of it in its row. */
    sealed interface What {
        String type();

        Map<String, String> kept();
    }

    /**
     * Words.
     *
     * @param editedAt when its author last changed them
     */
    record Comment(String text, Optional<Instant> editedAt, boolean isHidden) implements What {
        static final String TYPE = "comment";

        static Comment of(String text) {
            return new Comment(text, Optional.empty(), false);
        }

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public Map<String, String> kept() {
            Map<String, String> kept = new LinkedHashMap<>(Map.of("text", text));
            editedAt.ifPresent(at -> kept.put("editedAt", at.toString()));
            if (isHidden) {
                kept.put("hidden", "true");
            }
            return kept;
        }
    }

    record StatusChange(String status) implements What {
        static final String TYPE = "status-change";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public Map<String, String> kept() {
            return Map.of("status", status);
        }
    }

    record TitleChange(String from, String to) implements What {
        static final String TYPE = "title-change";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public Map<String, String> kept() {
            return Map.of("from", from, "to", to);
        }
    }

    record NewCommit(String subject, String oid) implements What {
        static final String TYPE = "commit";

        @Override
        public String type() {
            return TYPE;
        }

        @Override
        public Map<String, String> kept() {
            return Map.of("subject", subject, "oid", oid);
        }
    }

    static What read(String type, Map<String, String> kept) {
        return switch (type) {
            case Comment.TYPE ->
                new Comment(
                        kept.getOrDefault("text", ""),
                        Optional.ofNullable(kept.get("editedAt")).map(Instant::parse),
                        kept.containsKey("hidden"));
            case StatusChange.TYPE -> new StatusChange(kept.getOrDefault("status", ""));
            case TitleChange.TYPE -> new TitleChange(kept.getOrDefault("from", ""), kept.getOrDefault("to", ""));
            case NewCommit.TYPE -> new NewCommit(kept.getOrDefault("subject", ""), kept.getOrDefault("oid", ""));
            default -> throw new IllegalStateException("a row of discussion_event has the type " + type);
        };
    }

    /** As clients of the Hub read it; {@code latest.html} is shown as it is by none of them. */
    Map<String, Object> data() {
        return switch (what) {
            case Comment comment -> {
                Map<String, Object> latest = new LinkedHashMap<>();
                latest.put("raw", comment.isHidden() ? "This comment has been hidden" : comment.text());
                latest.put("html", "");
                latest.put("updatedAt", comment.editedAt().orElse(at));
                latest.put("author", Map.of("name", author));
                yield Map.of(
                        "edited",
                        comment.editedAt().isPresent(),
                        "hidden",
                        comment.isHidden(),
                        "latest",
                        latest,
                        "numEdits",
                        comment.editedAt().isPresent() ? 1 : 0,
                        "history",
                        List.of());
            }
            case StatusChange change -> Map.of("status", change.status());
            case TitleChange change -> Map.of("from", change.from(), "to", change.to());
            case NewCommit commit -> Map.of("subject", commit.subject(), "oid", commit.oid());
        };
    }
}
