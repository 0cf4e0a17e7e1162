package io.orrery.inference.model;

import io.orrery.engine.generate.ChatPrompt;
import io.orrery.engine.generate.Generation;
import io.orrery.engine.generate.GenerationRequest;
import io.orrery.engine.tokenizer.Tokenizer;
import io.orrery.inference.model.Resident.Adapter;
import io.orrery.inference.model.Resident.Loaded;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/** A model that stays on the device until this is closed. Thread-safe. */
public final class Lease implements AutoCloseable {
    private final Residency residency;
    private final Resident resident;
    private final Optional<Adapter> adapter;
    private final Loaded loaded;
    private final AtomicBoolean closed = new AtomicBoolean();

    Lease(Residency residency, Resident resident, Optional<Adapter> adapter) {
        this.residency = residency;
        this.resident = resident;
        this.adapter = adapter;
        this.loaded = resident.loaded.join();
    }

    /** The repository, for metrics. */
    public String model() {
        return resident.repository;
    }

    public String commit() {
        return resident.commit;
    }

    public Tokenizer tokenizer() {
        return loaded.tokenizer();
    }

    /** Token ids are below this. */
    public int vocabSize() {
        return loaded.served().vocabSize();
    }

    /** Empty for a model without a chat template. */
    public Optional<ChatPrompt> chat() {
        return loaded.chat();
    }

    /** Tokens that end an answer. */
    public Set<Integer> stopTokens() {
        return loaded.stopTokens();
    }

    /** Tokens that prompt and answer may have together. */
    public int contextLength() {
        return loaded.served().contextLength();
    }

    /** What requests to this lease name as their adapter. */
    public Optional<String> adapter() {
        return adapter.map(Adapter::key);
    }

    /** @throws io.orrery.engine.generate.EngineException where the request does not fit, or too many wait */
    public Generation submit(GenerationRequest request) {
        return loaded.served().submit(request);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            residency.release(resident, adapter);
        }
    }
}
