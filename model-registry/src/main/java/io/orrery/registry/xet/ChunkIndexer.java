package io.orrery.registry.xet;

import io.orrery.registry.blob.Sha256;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/** Goes over the contents that came whole on one thread of its own, again and again; a restart goes on with what is left. */
@Component
class ChunkIndexer implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(ChunkIndexer.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ChunkIndexing indexing;
    private final XetProperties properties;
    private volatile boolean running;
    private Thread thread = Thread.currentThread();

    ChunkIndexer(ChunkIndexing indexing, XetProperties properties) {
        this.indexing = indexing;
        this.properties = properties;
    }

    @Override
    public void start() {
        running = true;
        if (properties.indexWhole()) {
            thread = Thread.ofPlatform().name("xet-indexer").daemon().start(this::run);
        }
    }

    @Override
    public void stop() {
        running = false;
        if (properties.indexWhole()) {
            thread.interrupt();
            try {
                thread.join(PATIENCE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void run() {
        String after = "";
        while (running) {
            Optional<Sha256> next = next(after);
            if (next.isPresent()) {
                index(next.get());
            } else {
                pause();
            }
            // one that fails is passed over until the next round
            after = next.map(Sha256::hex).orElse("");
        }
    }

    private Optional<Sha256> next(String after) {
        try {
            return indexing.next(after);
        } catch (DataAccessException e) {
            LOG.warn("Contents to cut into chunks cannot be looked for now: {}", e.getMessage());
            return Optional.empty();
        }
    }

    private void index(Sha256 content) {
        try {
            indexing.index(content);
        } catch (IOException | DataAccessException e) {
            LOG.warn("The content {} could not be cut into chunks: {}", content.hex(), e.getMessage());
        }
    }

    private void pause() {
        try {
            Thread.sleep(properties.interval());
        } catch (InterruptedException e) {
            running = false;
        }
    }
}
