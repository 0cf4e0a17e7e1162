package io.orrery.registry.conversion;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** The workers of this process. */
@Component
class Workers implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int RENEWALS = 3;

    private final ShareGroup group;
    private final Desk desk;
    private final ConversionProperties properties;
    private final Map<Worker, Thread> workers = new LinkedHashMap<>();

    Workers(ShareGroup group, Desk desk, ConversionProperties properties) {
        this.group = group;
        this.desk = desk;
        this.properties = properties;
    }

    @Override
    public synchronized void start() {
        for (int i = 0; i < properties.workers(); i++) {
            // the process and its host, as people look for them
            String name = "conversions-" + ManagementFactory.getRuntimeMXBean().getName() + "-" + i;
            Worker worker = new Worker(name, group, desk, properties.lock().dividedBy(RENEWALS));
            workers.put(worker, Thread.ofVirtual().name(name).start(worker));
        }
    }

    @Override
    public synchronized void stop() {
        workers.keySet().forEach(Worker::stop);
        List<Thread> threads = new ArrayList<>(workers.values());
        workers.clear();
        for (Thread thread : threads) {
            try {
                if (!thread.join(PATIENCE)) {
                    LOG.warn("{} still works after {}; it is left behind", thread.getName(), PATIENCE);
                    thread.interrupt();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return !workers.isEmpty();
    }
}
