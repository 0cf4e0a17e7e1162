package io.orrery.inference.model;

import io.orrery.engine.generate.ChatPrompt;
import io.orrery.engine.generate.ServedModel;
import io.orrery.engine.tokenizer.Tokenizer;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** One commit of a repository on the device, or on its way there. All but {@code loaded} and {@code stage} is guarded by the {@link Residency}. */
final class Resident {
    final String repository;
    final String commit;
    final CompletableFuture<Loaded> loaded = new CompletableFuture<>();
    /** For people who wait, such as {@code loading lab/tiny 37 %}. */
    volatile String stage;

    /** Revisions that it was asked for by, but for those that name another commit by now. */
    final Set<String> revisions = new HashSet<>();

    /** By {@link Adapter#key}. */
    final Map<String, Adapter> adapters = new LinkedHashMap<>();

    long reservedBytes;
    int leases;
    long lastUsed;

    /** A model that answers. */
    record Loaded(ServedModel served, Tokenizer tokenizer, Optional<ChatPrompt> chat, Set<Integer> stopTokens) {}

    /** One commit of an adapter over this model; fields are guarded as the model's. */
    static final class Adapter {
        final String repository;
        final String commit;
        final CompletableFuture<String> loaded = new CompletableFuture<>();
        int leases;
        long lastUsed;

        Adapter(String repository, String commit) {
            this.repository = repository;
            this.commit = commit;
        }

        String key() {
            return repository + "@" + commit;
        }
    }

    Resident(String repository, String commit) {
        this.repository = repository;
        this.commit = commit;
        this.stage = "loading " + repository;
    }

    boolean isReady() {
        return loaded.isDone() && !loaded.isCompletedExceptionally();
    }

    /** What it takes, or what has been set aside while it loads. */
    long bytes() {
        return isReady() ? Math.max(reservedBytes, loaded.join().served().bytes()) : reservedBytes;
    }
}
