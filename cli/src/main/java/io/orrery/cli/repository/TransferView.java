package io.orrery.cli.repository;

import io.orrery.cli.terminal.ProgressBar;
import io.orrery.cli.terminal.Quantity;
import io.orrery.cli.terminal.Terminal;
import io.orrery.hub.HubEvent;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Shows what happens while files go down or up: bars and lines for a person, or an object a line. For one thread. */
final class TransferView implements Consumer<HubEvent>, AutoCloseable {
    private static final Duration PROGRESS_APART = Duration.ofSeconds(1);

    private final Terminal terminal;
    private final String doing;
    private final boolean json;
    private @Nullable ProgressBar bar;
    private String phase = "";
    private long reported;
    private int kept;
    private int ignored;
    private int arrived;
    private long arrivedBytes;

    /** @param doing such as {@code pull} */
    TransferView(Terminal terminal, String doing, boolean json) {
        this.terminal = terminal;
        this.doing = doing;
        this.json = json;
    }

    int kept() {
        return kept;
    }

    int ignored() {
        return ignored;
    }

    int arrived() {
        return arrived;
    }

    long arrivedBytes() {
        return arrivedBytes;
    }

    @Override
    public void accept(HubEvent event) {
        count(event);
        if (json) {
            object(event);
        } else {
            line(event);
        }
    }

    private void count(HubEvent event) {
        switch (event) {
            case HubEvent.Kept _ -> kept++;
            case HubEvent.Ignored _ -> ignored++;
            case HubEvent.Arrived file -> {
                arrived++;
                arrivedBytes += file.size();
            }
            default -> {}
        }
    }

    private void line(HubEvent event) {
        switch (event) {
            case HubEvent.Waiting waiting -> note("waiting for " + waiting.what());
            case HubEvent.Hashed hashed -> bar("hash").report(hashed.path(), hashed.done(), hashed.total());
            case HubEvent.Moved moved -> bar(doing).report(moved.path(), moved.done(), moved.total());
            case HubEvent.Retried retried ->
                note(retried.path() + ": " + retried.reason() + "; trying again in "
                        + Quantity.duration(retried.pause()) + " (failure " + retried.failures() + ")");
            case HubEvent.Committed made
            when made.of() > 1 ->
                note("commit " + made.number() + " of " + made.of() + ": "
                        + made.commit().commitOid());
            case HubEvent.Planned _, HubEvent.Ignored _, HubEvent.Kept _, HubEvent.Arrived _, HubEvent.Committed _ -> {}
        }
    }

    private void note(String text) {
        if (bar == null) {
            terminal.note(text);
        } else {
            bar.note(text);
        }
    }

    /** One bar a phase. */
    private ProgressBar bar(String next) {
        ProgressBar current = bar;
        if (current != null && phase.equals(next)) {
            return current;
        }
        close();
        phase = next;
        ProgressBar fresh = terminal.bytes(next);
        bar = fresh;
        return fresh;
    }

    private void object(HubEvent event) {
        switch (event) {
            case HubEvent.Waiting waiting -> json("waiting", "for", waiting.what());
            case HubEvent.Planned planned -> json("planned", "files", planned.files(), "bytes", planned.bytes());
            case HubEvent.Hashed hashed -> progress("hashing", hashed.path(), hashed.done(), hashed.total());
            case HubEvent.Ignored file -> json("ignored", "path", file.path());
            case HubEvent.Kept file -> json("kept", "path", file.path(), "size", file.size());
            case HubEvent.Moved moved -> progress("progress", moved.path(), moved.done(), moved.total());
            case HubEvent.Retried retried ->
                json(
                        "retry",
                        "path",
                        retried.path(),
                        "failures",
                        retried.failures(),
                        "pause_seconds",
                        retried.pause().toMillis() / 1000.0,
                        "reason",
                        retried.reason());
            case HubEvent.Arrived file -> json("file", "path", file.path(), "size", file.size(), "hash", file.hash());
            case HubEvent.Committed made ->
                json(
                        "commit",
                        "commit",
                        made.commit().commitOid(),
                        "url",
                        made.commit().commitUrl(),
                        "number",
                        made.number(),
                        "of",
                        made.of());
        }
    }

    private void progress(String event, String path, long done, long total) {
        long now = System.nanoTime();
        if (done < total && now - reported < PROGRESS_APART.toNanos()) {
            return;
        }
        reported = now;
        json(event, "path", path, "done", done, "total", total);
    }

    /** An object of one event. @param namesAndValues in turn */
    void json(String event, Object... namesAndValues) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("event", event);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            object.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        terminal.json(object);
    }

    /** Leaves the bar where it ended. */
    @Override
    public void close() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
