package io.orrery.hub;

import io.orrery.api.hub.LfsBatchAnswer;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A large content on its way: in one piece, or in parts that the hub joins where it has named an address for each. Safe for many threads.
 */
final class ObjectUpload {
    private static final String CHUNK_SIZE = "chunk_size";

    /** @param number from 1 on */
    record Part(int number, URI address, Span span) {}

    private final Measured file;
    private final LfsBatchAnswer.Action upload;
    private final Optional<URI> verification;
    private final boolean isJoined;
    private final List<Part> parts;
    private final Map<Integer, String> etags = new TreeMap<>();

    private ObjectUpload(
            Measured file, LfsBatchAnswer.Action upload, Optional<URI> verification, Optional<String> chunk) {
        this.file = file;
        this.upload = upload;
        this.verification = verification;
        this.isJoined = chunk.isPresent();
        this.parts = chunk.isPresent()
                ? cut(chunk.get())
                : List.of(new Part(1, URI.create(upload.href()), new Span(0, file.size())));
    }

    /** What a hub's answer asks for; nothing where it has the content. */
    static Optional<ObjectUpload> of(Measured file, LfsBatchAnswer.Item item, HubAddresses addresses) {
        LfsBatchAnswer.Failure failure = item.error();
        if (failure != null) {
            throw new HubException(failure.code(), "", file.path() + " was refused: " + failure.message());
        }
        LfsBatchAnswer.Actions actions = item.actions();
        LfsBatchAnswer.Action upload = actions == null ? null : actions.upload();
        if (actions == null || upload == null) {
            return Optional.empty();
        }
        Optional<URI> verification =
                Optional.ofNullable(actions.verify()).map(verify -> addresses.ofThisHub(verify.href()));
        return Optional.of(new ObjectUpload(file, upload, verification, chunk(upload)));
    }

    @SuppressWarnings("NullAway") // foreign JSON may leave out what is declared
    private static Optional<String> chunk(LfsBatchAnswer.Action upload) {
        return Optional.ofNullable(upload.header()).map(header -> header.get(CHUNK_SIZE));
    }

    private List<Part> cut(String chunkSize) {
        if (!chunkSize.matches("[1-9]\\d{0,17}")) {
            throw refused("parts of '" + chunkSize + "' bytes");
        }
        long chunk = Long.parseLong(chunkSize);
        List<String> numbers = upload.header().keySet().stream()
                .filter(name -> name.matches("\\d{1,9}"))
                .sorted(Comparator.comparing(Integer::valueOf))
                .toList();
        if (numbers.size() != (file.size() + chunk - 1) / chunk) {
            throw refused(numbers.size() + " addresses for parts of " + chunk + " bytes");
        }
        List<Part> cut = new ArrayList<>();
        for (String number : numbers) {
            long from = cut.size() * chunk;
            URI address = URI.create(upload.header().getOrDefault(number, ""));
            cut.add(new Part(Integer.parseInt(number), address, new Span(from, Math.min(file.size(), from + chunk))));
        }
        return cut;
    }

    private HubException refused(String what) {
        return new HubException(
                0,
                HubException.CORRUPT,
                "The hub names " + what + " for " + file.path() + " of " + file.size() + " bytes.");
    }

    Measured file() {
        return file;
    }

    List<Part> parts() {
        return parts;
    }

    /** Where the hub wants to be told that all parts are there; nothing for a content in one piece. */
    Optional<URI> joining() {
        return isJoined ? Optional.of(URI.create(upload.href())) : Optional.empty();
    }

    Optional<URI> verification() {
        return verification;
    }

    /** A part has arrived. Whether it was the last, so that its sender has to finish the object. */
    synchronized boolean isLast(Part part, String etag) {
        etags.put(part.number(), etag);
        return etags.size() == parts.size();
    }

    /** By the parts' numbers. */
    synchronized Map<Integer, String> etags() {
        return new TreeMap<>(etags);
    }
}
