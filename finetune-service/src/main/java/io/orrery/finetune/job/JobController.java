package io.orrery.finetune.job;

import io.orrery.api.openai.FineTuningCheckpoint;
import io.orrery.api.openai.FineTuningEvent;
import io.orrery.api.openai.FineTuningJob;
import io.orrery.api.openai.FineTuningJobRequest;
import io.orrery.api.openai.ListPage;
import io.orrery.finetune.access.Caller;
import io.orrery.finetune.wire.RequestBody;
import io.orrery.finetune.wire.RequestProblem;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** OpenAI's fine-tuning jobs. */
@RestController
@RequestMapping("/v1/fine_tuning/jobs")
class JobController {
    private static final int MOST = 1000;
    private static final String METADATA = "metadata[";

    private final Jobs jobs;
    private final Tables tables;
    private final JobView view;
    private final RequestBody bodies;

    JobController(Jobs jobs, Tables tables, JobView view, RequestBody bodies) {
        this.jobs = jobs;
        this.tables = tables;
        this.view = view;
        this.bodies = bodies;
    }

    @PostMapping
    FineTuningJob create(@AuthenticationPrincipal Jwt token, InputStream body) throws IOException {
        return view.of(jobs.submit(Caller.of(token), bodies.read(body, FineTuningJobRequest.class)));
    }

    @GetMapping
    ListPage<FineTuningJob> list(
            @AuthenticationPrincipal Jwt token,
            @RequestParam Optional<String> after,
            @RequestParam(defaultValue = "20") int limit,
            @RequestParam Map<String, String> parameters) {
        String project = Caller.of(token).project();
        List<Job> found = tables.jobs()
                .list(project, present(after).map(id -> job(project, id)), metadata(parameters), checked(limit) + 1);
        return page(found.stream().map(view::of).toList(), limit, FineTuningJob::id);
    }

    @GetMapping("/{id}")
    FineTuningJob get(@AuthenticationPrincipal Jwt token, @PathVariable String id) {
        return view.of(job(token, id));
    }

    @PostMapping("/{id}/cancel")
    FineTuningJob cancel(@AuthenticationPrincipal Jwt token, @PathVariable String id) {
        return view.of(jobs.cancel(Caller.of(token).project(), id));
    }

    @PostMapping({"/{id}/pause", "/{id}/resume"})
    FineTuningJob pauseOrResume(@AuthenticationPrincipal Jwt token, @PathVariable String id) {
        job(token, id);
        throw RequestProblem.of(
                HttpStatus.BAD_REQUEST,
                "unsupported_operation",
                "Jobs cannot be paused here. Cancel job '" + id + "' instead, and submit it again later.");
    }

    @GetMapping("/{id}/events")
    ListPage<FineTuningEvent> events(
            @AuthenticationPrincipal Jwt token,
            @PathVariable String id,
            @RequestParam Optional<String> after,
            @RequestParam(defaultValue = "20") int limit) {
        Job job = job(token, id);
        long before =
                present(after).map(event -> number(JobEvents.ID_PREFIX, event)).orElse(Long.MAX_VALUE);
        return page(tables.events().list(job.id(), before, checked(limit) + 1), limit, FineTuningEvent::id);
    }

    @GetMapping("/{id}/checkpoints")
    ListPage<FineTuningCheckpoint> checkpoints(
            @AuthenticationPrincipal Jwt token,
            @PathVariable String id,
            @RequestParam Optional<String> after,
            @RequestParam(defaultValue = "10") int limit) {
        Job job = job(token, id);
        long before = present(after)
                .map(checkpoint -> number(Checkpoints.ID_PREFIX, checkpoint))
                .orElse(Long.MAX_VALUE);
        return page(tables.checkpoints().list(job, before, checked(limit) + 1), limit, FineTuningCheckpoint::id);
    }

    /** Some clients send an empty one for the first page. */
    private static Optional<String> present(Optional<String> after) {
        return after.filter(id -> !id.isEmpty());
    }

    private Job job(Jwt token, String id) {
        return job(Caller.of(token).project(), id);
    }

    private Job job(String project, String id) {
        return tables.jobs().find(project, id).orElseThrow(() -> RequestProblem.notFound("fine-tuning job", id));
    }

    private static Map<String, String> metadata(Map<String, String> parameters) {
        Map<String, String> wanted = new TreeMap<>();
        parameters.forEach((key, value) -> {
            if (key.startsWith(METADATA) && key.endsWith("]")) {
                wanted.put(key.substring(METADATA.length(), key.length() - 1), value);
            }
        });
        return wanted;
    }

    private static int checked(int limit) {
        if (limit < 1 || limit > MOST) {
            throw RequestProblem.invalid("limit", "limit is " + limit + "; it must be 1 to " + MOST + ".");
        }
        return limit;
    }

    private static long number(String prefix, String id) {
        try {
            return Long.parseLong(id.startsWith(prefix) ? id.substring(prefix.length()) : "");
        } catch (NumberFormatException e) {
            throw RequestProblem.invalid("after", "after is '" + id + "', which is no id of this list.");
        }
    }

    /** @param found up to one more than the limit */
    private static <T> ListPage<T> page(List<T> found, int limit, Function<T, String> id) {
        List<T> data = found.subList(0, Math.min(limit, found.size()));
        return new ListPage<>(
                ListPage.OBJECT,
                data,
                found.size() > limit,
                data.isEmpty() ? null : id.apply(data.getFirst()),
                data.isEmpty() ? null : id.apply(data.getLast()));
    }
}
