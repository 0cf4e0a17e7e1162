package io.orrery.hub;

import io.orrery.api.hub.PreuploadAnswer;
import io.orrery.api.hub.PreuploadRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks the hub how each file goes, and hashes those that go at all: the one hash that their way needs. What is ignored or unchanged
 * goes nowhere.
 */
final class Sorting {
    /** What the hub takes in one question (huggingface_hub asks for 256 too). */
    static final int BATCH = 256;

    private static final int MOST_RULES = 1 << 20;

    /** @param there what the repository has at the path */
    private record Way(
            Upload upload,
            long size,
            boolean large,
            @Nullable String there) {}

    private final HubConnection hub;
    private final URI address;
    private final Consumer<HubEvent> listener;

    /** @param address of the hub's preupload at the branch */
    Sorting(HubConnection hub, URI address, Consumer<HubEvent> listener) {
        this.hub = hub;
        this.address = address;
        this.listener = listener;
    }

    /** The files that the commit has to bring. */
    List<Measured> sort(List<Upload> uploads) throws IOException {
        String gitIgnore = rules(uploads, ".gitignore");
        String gitAttributes = rules(uploads, ".gitattributes");
        List<Way> ways = new ArrayList<>();
        for (List<Upload> batch : Batches.of(uploads, BATCH)) {
            ways.addAll(ways(batch, gitIgnore, gitAttributes));
        }
        List<String> hashes = Hashing.of(ways.stream().map(Sorting::question).toList(), listener);
        List<Measured> changed = new ArrayList<>();
        for (int i = 0; i < hashes.size(); i++) {
            Way way = ways.get(i);
            if (hashes.get(i).equals(way.there())) {
                listener.accept(new HubEvent.Kept(way.upload().path(), way.size()));
            } else {
                changed.add(new Measured(way.upload(), way.size(), way.large(), hashes.get(i)));
            }
        }
        return changed;
    }

    /** Rules that are to be committed count already; the hub knows those that were. */
    private static @Nullable String rules(List<Upload> uploads, String name) throws IOException {
        Optional<Upload> file =
                uploads.stream().filter(upload -> upload.path().equals(name)).findFirst();
        if (file.isEmpty()) {
            return null;
        }
        try (InputStream in = Sources.open(file.get())) {
            return new String(in.readNBytes(MOST_RULES), StandardCharsets.UTF_8);
        }
    }

    private List<Way> ways(List<Upload> batch, @Nullable String gitIgnore, @Nullable String gitAttributes)
            throws IOException {
        List<PreuploadRequest.File> questions = new ArrayList<>();
        for (Upload upload : batch) {
            questions.add(new PreuploadRequest.File(upload.path(), Sources.size(upload), Sources.sample(upload)));
        }
        Map<String, PreuploadAnswer.File> answers = hub
                .post(
                        address,
                        new PreuploadRequest(questions, gitIgnore, gitAttributes),
                        "application/json",
                        PreuploadAnswer.class)
                .files()
                .stream()
                .collect(Collectors.toMap(PreuploadAnswer.File::path, Function.identity(), (a, b) -> b));
        List<Way> ways = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            Upload upload = batch.get(i);
            PreuploadAnswer.File answer = answers.get(upload.path());
            if (answer == null) {
                throw new HubException(
                        0, HubException.CORRUPT, "The hub does not say how " + upload.path() + " is to be uploaded.");
            }
            if (answer.shouldIgnore()) {
                listener.accept(new HubEvent.Ignored(upload.path()));
            } else {
                long size = questions.get(i).size();
                boolean large = answer.uploadMode().equals(PreuploadAnswer.LFS) && size > 0;
                ways.add(new Way(upload, size, large, answer.oid()));
            }
        }
        return ways;
    }

    private static Hashing.Question question(Way way) {
        return new Hashing.Question(
                way.upload().path(), way.size(), () -> Sources.open(way.upload()), () -> digest(way));
    }

    private static MessageDigest digest(Way way) {
        return way.large() ? Hashes.sha256() : Hashes.gitBlob(way.size());
    }
}
