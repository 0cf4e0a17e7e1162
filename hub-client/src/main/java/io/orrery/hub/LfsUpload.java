package io.orrery.hub;

import io.orrery.api.hub.LfsBatchAnswer;
import io.orrery.api.hub.LfsBatchRequest;
import io.orrery.hub.ObjectUpload.Part;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Large contents on their way to a hub, over some connections side by side: in one piece or in parts, as the hub wants each. What it has
 * already is not sent. One run.
 */
final class LfsUpload {
    private static final String LFS_JSON = "application/vnd.git-lfs+json";
    private static final String MULTIPART = "multipart";

    private record Task(ObjectUpload object, Part part) {}

    /** That all parts of a content are there, in the Hub's words. */
    private record Joining(String oid, List<JoinedPart> parts) {}

    private record JoinedPart(int partNumber, String etag) {}

    private final HubConnection hub;
    private final HubAddresses addresses;
    private final CommitRequest commit;
    private final Optional<String> branch;
    private final Consumer<HubEvent> listener;
    private final Workers workers;
    private final Deque<Task> waiting = new ArrayDeque<>();
    private final AtomicLong done = new AtomicLong();
    private volatile long total;
    private volatile String latest = "";

    /** @param branch empty where the commit is only proposed */
    LfsUpload(
            HubConnection hub,
            HubAddresses addresses,
            CommitRequest commit,
            Optional<String> branch,
            Consumer<HubEvent> listener) {
        this.hub = hub;
        this.addresses = addresses;
        this.commit = commit;
        this.branch = branch;
        this.listener = listener;
        this.workers = new Workers("upload", listener, this::state);
    }

    private Optional<HubEvent> state() {
        return latest.isEmpty() ? Optional.empty() : Optional.of(new HubEvent.Moved(latest, done.get(), total));
    }

    /** Returns when the hub has them all. */
    void put(List<Measured> files, int connections) throws IOException {
        total = files.stream().mapToLong(Measured::size).sum();
        for (List<Measured> batch : Batches.of(files, Sorting.BATCH)) {
            enqueue(batch);
            workers.run(Math.min(connections, waiting.size()), this::work);
        }
        if (!files.isEmpty()) {
            listener.accept(new HubEvent.Moved(files.getLast().path(), total, total));
        }
    }

    private void enqueue(List<Measured> batch) {
        Map<String, List<Measured>> byHash = batch.stream().collect(Collectors.groupingBy(Measured::hash));
        for (LfsBatchAnswer.Item item : asked(byHash.values())) {
            List<Measured> files = byHash.getOrDefault(item.oid(), List.of());
            Optional<ObjectUpload> object =
                    files.isEmpty() ? Optional.empty() : ObjectUpload.of(files.getFirst(), item, addresses);
            object.ifPresent(found -> found.parts().forEach(part -> waiting.add(new Task(found, part))));
            // of several files of one content one is sent
            files.stream().skip(object.isPresent() ? 1 : 0).forEach(this::isThere);
        }
    }

    private List<LfsBatchAnswer.Item> asked(Iterable<List<Measured>> contents) {
        List<LfsBatchRequest.LfsObject> objects = new ArrayList<>();
        contents.forEach(files -> objects.add(new LfsBatchRequest.LfsObject(
                files.getFirst().hash(), files.getFirst().size())));
        LfsBatchRequest request = new LfsBatchRequest(
                "upload",
                List.of(LfsBatchAnswer.BASIC, MULTIPART),
                branch.map(LfsBatchRequest.Ref::new).orElse(null),
                objects);
        return hub.post(addresses.lfsBatch(commit.type(), commit.repo()), request, LFS_JSON, LfsBatchAnswer.class)
                .objects();
    }

    private static HubException named(Measured file, HubException e) {
        return e.saying("Could not upload " + file.path() + ": " + e.getMessage());
    }

    private void isThere(Measured file) {
        done.addAndGet(file.size());
        listener.accept(new HubEvent.Kept(file.path(), file.size()));
    }

    private synchronized Optional<Task> take() {
        return workers.areStopped() ? Optional.empty() : Optional.ofNullable(waiting.poll());
    }

    private void work() {
        for (Optional<Task> task = take(); task.isPresent(); task = take()) {
            ObjectUpload object = task.get().object();
            latest = object.file().path();
            try {
                String etag = put(object.file(), task.get().part());
                if (object.isLast(task.get().part(), etag)) {
                    finish(object);
                }
            } catch (HubException e) {
                throw named(object.file(), e);
            }
        }
    }

    /** The hub's mark of the part, empty where it gives none. */
    private String put(Measured file, Part part) {
        for (int failures = 1; ; failures++) {
            long[] sent = {0};
            try {
                HttpResponse<byte[]> answer =
                        hub.put(part.address(), new CountedBody(Sources.body(file.upload(), part.span()), now -> {
                            done.addAndGet(now - sent[0]);
                            sent[0] = now;
                        }));
                return answer.headers().firstValue("ETag").orElse("");
            } catch (HubException e) {
                done.addAndGet(-sent[0]);
                Optional<Duration> pause = hub.retries().pause(failures, e.retryAfter());
                if (failures >= hub.retries().transfers() || !e.isTransient() || pause.isEmpty()) {
                    throw e;
                }
                workers.tell(new HubEvent.Retried(file.path(), failures, pause.get(), e.detail()));
                HubConnection.rest(pause.get());
            }
        }
    }

    private void finish(ObjectUpload object) {
        Measured file = object.file();
        object.joining().ifPresent(address -> {
            List<JoinedPart> parts = object.etags().entrySet().stream()
                    .map(part -> new JoinedPart(part.getKey(), marked(part.getKey(), part.getValue())))
                    .toList();
            hub.postSigned(address, new Joining(file.hash(), parts), LFS_JSON);
        });
        object.verification()
                .ifPresent(address ->
                        hub.post(address, new LfsBatchRequest.LfsObject(file.hash(), file.size()), LFS_JSON));
        workers.tell(new HubEvent.Arrived(file.path(), file.size(), file.hash()));
    }

    private static String marked(int part, String etag) {
        if (etag.isEmpty()) {
            throw new HubException(0, HubException.CORRUPT, "the hub gave part " + part + " no ETag to join it by");
        }
        return etag;
    }
}
