package io.orrery.finetune.worker;

import io.orrery.finetune.job.Leases;
import io.orrery.finetune.queue.Loop;
import io.orrery.finetune.queue.Signal;
import java.time.Duration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The threads of this feature. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({WorkerProperties.class, WorkFolders.class})
class WorkerConfiguration {
    private static final int FIRST_TO_STOP = SmartLifecycle.DEFAULT_PHASE;
    private static final Duration SHORT = Duration.ofSeconds(5);

    @Bean
    @ConditionalOnBooleanProperty(name = "orrery.finetune.worker.enabled", matchIfMissing = true)
    Loop workerLoop(Worker worker, WorkerProperties properties) {
        Thread.Builder thread = Thread.ofPlatform().daemon().name("trainer-" + properties.device());
        return new Loop(
                new Loop.Setting(thread, properties.poll(), properties.patience(), FIRST_TO_STOP),
                worker.signal(),
                worker);
    }

    @Bean
    Loop validatorLoop(Validator validator, WorkerProperties properties) {
        Thread.Builder thread = Thread.ofVirtual().name("finetune-validator");
        return new Loop(
                new Loop.Setting(thread, properties.poll(), SHORT, FIRST_TO_STOP), validator.signal(), validator::work);
    }

    /** Looks for dead workers as often as live ones give signs. */
    @Bean
    Loop reaperLoop(Leases leases, WorkerProperties properties) {
        Thread.Builder thread = Thread.ofVirtual().name("finetune-reaper");
        return new Loop(
                new Loop.Setting(thread, properties.heartbeat(), SHORT, FIRST_TO_STOP),
                new Signal(),
                () -> leases.reap(properties.attempts()) > 0 ? Loop.MORE : Loop.IDLE);
    }
}
