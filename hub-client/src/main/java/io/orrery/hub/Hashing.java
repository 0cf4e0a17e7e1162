package io.orrery.hub;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Hashes of contents on this side, as many at once as there are processors. One run. */
final class Hashing {
    private static final int BUFFER = 1 << 18;

    /** @param digest gives a fresh one */
    record Question(String path, long size, Source source, Supplier<MessageDigest> digest) {}

    interface Source {
        InputStream open() throws IOException;
    }

    private final List<Question> questions;
    private final Workers workers;
    private final String[] answers;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicLong done = new AtomicLong();
    private final long total;
    private volatile String latest = "";

    private Hashing(List<Question> questions, Consumer<HubEvent> listener) {
        this.questions = questions;
        this.answers = new String[questions.size()];
        this.total = questions.stream().mapToLong(Question::size).sum();
        this.workers = new Workers("hash", listener, this::state);
    }

    /** In the questions' order. */
    static List<String> of(List<Question> questions, Consumer<HubEvent> listener) throws IOException {
        Hashing hashing = new Hashing(List.copyOf(questions), listener);
        int threads = Math.min(questions.size(), Runtime.getRuntime().availableProcessors());
        hashing.workers.run(threads, hashing::work);
        return Arrays.asList(hashing.answers);
    }

    private Optional<HubEvent> state() {
        return Optional.of(new HubEvent.Hashed(latest, done.get(), total));
    }

    private void work() throws IOException {
        for (int i = next.getAndIncrement(); i < answers.length && !workers.areStopped(); i = next.getAndIncrement()) {
            latest = questions.get(i).path();
            answers[i] = answer(questions.get(i));
        }
    }

    private String answer(Question question) throws IOException {
        byte[] buffer = new byte[BUFFER];
        MessageDigest digest = question.digest().get();
        try (InputStream in = question.source().open()) {
            for (int n = in.read(buffer); n >= 0 && !workers.areStopped(); n = in.read(buffer)) {
                digest.update(buffer, 0, n);
                done.addAndGet(n);
            }
        }
        return Hashes.hex(digest);
    }
}
