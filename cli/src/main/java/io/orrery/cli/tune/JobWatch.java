package io.orrery.cli.tune;

import io.orrery.api.openai.FineTuningEvent;
import io.orrery.api.openai.FineTuningJob;
import io.orrery.cli.platform.Platform;
import io.orrery.cli.terminal.ProgressBar;
import io.orrery.cli.terminal.Quantity;
import io.orrery.cli.terminal.Terminal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Follows a job: its messages as lines, its steps as progress, until it has ended. Confined to one thread. */
public final class JobWatch {
    private static final Duration INTERVAL = Duration.ofMillis(500);

    private final Platform platform;
    private final Terminal terminal;
    private final boolean json;
    private Optional<String> known = Optional.empty();

    /** @param json writes each event, and last the job, as an object a line */
    public JobWatch(Platform platform, Terminal terminal, boolean json) {
        this.platform = platform;
        this.terminal = terminal;
        this.json = json;
    }

    /** @return 0 where the job succeeded, else 1 */
    int follow(String id) {
        return conclude(untilEnd(id));
    }

    /** The job when it has ended, in whatever way. */
    public FineTuningJob untilEnd(String id) {
        FineTuningJob job;
        try (ProgressBar bar = terminal.counted("train")) {
            // the job first: what happened until its end is then among the events
            for (job = platform.job(id); !show(job, bar); job = platform.job(id)) {
                pause();
            }
        }
        return job;
    }

    /** Shows what is new. @return whether the job has ended */
    private boolean show(FineTuningJob job, ProgressBar bar) {
        List<FineTuningEvent> events = platform.events(job.id(), known);
        for (FineTuningEvent event : events) {
            known = Optional.of(event.id());
            if (json) {
                terminal.json(event);
            } else if (event.type().equals(FineTuningEvent.METRICS)) {
                step(event.data(), job, bar);
            } else {
                bar.note(line(event));
            }
        }
        return switch (job.status()) {
            case FineTuningJob.Status.SUCCEEDED, FineTuningJob.Status.FAILED, FineTuningJob.Status.CANCELLED -> true;
            default -> false;
        };
    }

    private static void step(Map<String, Object> data, FineTuningJob job, ProgressBar bar) {
        if (data.get("step") instanceof Number step && data.get("total_steps") instanceof Number total) {
            bar.report(measured(data) + eta(job), step.longValue(), total.longValue());
        }
    }

    private static String measured(Map<String, Object> data) {
        StringBuilder text = new StringBuilder();
        if (data.get("train_loss") instanceof Number loss) {
            text.append(String.format(Locale.ROOT, "loss %.4f", loss.doubleValue()));
        }
        if (data.get("valid_loss") instanceof Number loss) {
            text.append(String.format(Locale.ROOT, " (validation %.4f)", loss.doubleValue()));
        }
        if (data.get("tokens_per_second") instanceof Number speed) {
            text.append(String.format(Locale.ROOT, ", %.0f tokens/s", speed.doubleValue()));
        }
        return text.toString();
    }

    private static String eta(FineTuningJob job) {
        return job.estimatedFinish() == null
                ? ""
                : ", ends in "
                        + Quantity.duration(
                                Duration.between(Instant.now(), Instant.ofEpochSecond(job.estimatedFinish())));
    }

    private int conclude(FineTuningJob job) {
        boolean succeeded = job.status().equals(FineTuningJob.Status.SUCCEEDED);
        if (json) {
            terminal.json(job);
        } else if (succeeded) {
            terminal.line("succeeded: " + job.fineTunedModel());
        } else {
            terminal.line(job.status()
                    + (job.error() == null ? "" : ": " + job.error().message()));
        }
        return succeeded ? 0 : 1;
    }

    /** An event for a person. */
    static String line(FineTuningEvent event) {
        return Instant.ofEpochSecond(event.createdAt()) + " " + event.level() + " " + event.message();
    }

    private static void pause() {
        try {
            Thread.sleep(INTERVAL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while watching a job", e);
        }
    }
}
