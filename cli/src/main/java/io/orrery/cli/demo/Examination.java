package io.orrery.cli.demo;

import io.orrery.cli.platform.Platform;
import io.orrery.hub.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Asks a model the held-out questions of a family, many at a time, through {@code /v1/chat/completions}. */
final class Examination {
    /** Longer than every right answer. */
    private static final int MAX_TOKENS = 32;

    private static final int AT_A_TIME = 16;

    private final Platform platform;
    private final Progress progress;
    private int asked;

    Examination(Platform platform, Progress progress) {
        this.platform = platform;
        this.progress = progress;
    }

    /** Answers that are exactly right, in percent of the questions. */
    double percentRight(String model, Family family, String as) throws InterruptedException {
        int right = 0;
        asked = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(
                AT_A_TIME, Thread.ofVirtual().name("examiner-", 0).factory())) {
            List<Future<Boolean>> answers = new ArrayList<>();
            for (Question question : family.heldOut()) {
                answers.add(threads.submit(() -> isRight(model, question)));
            }
            for (Future<Boolean> answer : answers) {
                right += outcome(answer) ? 1 : 0;
                progress.report(as + ", " + family.name(), ++asked, answers.size());
            }
        }
        return 100.0 * right / family.heldOut().size();
    }

    private boolean isRight(String model, Question question) {
        String answer = platform.chat(Map.of(
                        "model",
                        model,
                        "messages",
                        List.of(TrainingFile.message("user", question.text())),
                        "temperature",
                        0,
                        "max_tokens",
                        MAX_TOKENS))
                .path("choices")
                .path(0)
                .path("message")
                .path("content")
                .asString();
        return answer.equals(question.answer());
    }

    private static boolean outcome(Future<Boolean> answer) throws InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
        }
    }
}
