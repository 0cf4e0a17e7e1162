package io.orrery.cli.demo;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Questions and their answers as chats, one JSON object a line: what a fine-tuning job takes. */
final class TrainingFile {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private TrainingFile() {}

    static void write(Path file, List<Question> questions) {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            for (Question question : questions) {
                out.write(JSON.writeValueAsString(Map.of(
                        "messages",
                        List.of(message("user", question.text()), message("assistant", question.answer())))));
                out.newLine();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the training file " + file + " could not be written", e);
        }
    }

    static Map<String, String> message(String role, String content) {
        return Map.of("role", role, "content", content);
    }
}
