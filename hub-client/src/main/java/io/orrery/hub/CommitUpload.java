package io.orrery.hub;

import io.orrery.api.hub.CommitLine;
import io.orrery.api.hub.CommitResult;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asks how each file goes, puts the large contents, and commits. One commit takes it all where {@link #MOST_FILES} and
 * {@link #MOST_BYTES} allow; otherwise there are several, each with its contents before it, so that a push that is cut off has made its
 * first ones.
 */
final class CommitUpload {
    /** huggingface_hub goes up to as many files in one commit. */
    static final int MOST_FILES = 1000;

    /** Of contents inside a commit, as huggingface_hub has it; those outside do not count. */
    static final long MOST_BYTES = 100_000_000;

    private static final Pattern PULL_REQUEST = Pattern.compile("/discussions/(\\d{1,9})$");

    private final HubConnection hub;
    private final HubAddresses addresses;
    private final CommitRequest request;
    private final int connections;
    private final Consumer<HubEvent> listener;
    private String branch;
    private boolean isProposed;

    CommitUpload(
            HubConnection hub,
            HubAddresses addresses,
            CommitRequest request,
            int connections,
            Consumer<HubEvent> listener) {
        this.hub = hub;
        this.addresses = addresses;
        this.request = request;
        this.connections = connections;
        this.listener = listener;
        this.branch = request.branch();
        this.isProposed = request.pullRequest();
    }

    /** The last commit, or nothing where the branch has it all already. */
    Optional<CommitResult> send() {
        try {
            List<Measured> files = new Sorting(hub, address("preupload"), listener).sort(request.uploads());
            if (files.isEmpty() && request.deletions().isEmpty()) {
                return Optional.empty();
            }
            listener.accept(new HubEvent.Planned(
                    files.size(), files.stream().mapToLong(Measured::size).sum()));
            List<List<Measured>> commits = commits(files);
            CommitResult made = commit(commits, 0);
            for (int i = 1; i < commits.size(); i++) {
                made = commit(commits, i);
            }
            return Optional.of(made);
        } catch (IOException e) {
            throw HubException.local("Could not read what is to be committed to " + request.repo() + ": " + e, e);
        }
    }

    private URI address(String action) {
        URI address = addresses.atRevision(request.type(), request.repo(), action, branch);
        return isProposed ? URI.create(address + "?create_pr=1") : address;
    }

    /** At least one, which has the deletions. */
    static List<List<Measured>> commits(List<Measured> files) {
        List<List<Measured>> commits = new ArrayList<>(List.of(new ArrayList<>()));
        long bytes = 0;
        for (Measured file : files) {
            long inside = file.large() ? 0 : file.size();
            boolean isFull = commits.getLast().size() == MOST_FILES || bytes + inside > MOST_BYTES;
            if (isFull && !commits.getLast().isEmpty()) {
                commits.add(new ArrayList<>());
                bytes = 0;
            }
            commits.getLast().add(file);
            bytes += inside;
        }
        return commits;
    }

    private CommitResult commit(List<List<Measured>> commits, int number) throws IOException {
        List<Measured> files = commits.get(number);
        new LfsUpload(hub, addresses, request, isProposed ? Optional.empty() : Optional.of(branch), listener)
                .put(files.stream().filter(Measured::large).toList(), connections);
        Path body = Files.createTempFile("orrery-commit", ".ndjson");
        try {
            write(body, commits, number);
            CommitResult made = hub.postLarge(
                    address("commit"), BodyPublishers.ofFile(body), "application/x-ndjson", CommitResult.class);
            follow(made);
            listener.accept(new HubEvent.Committed(made, number + 1, commits.size()));
            return made;
        } finally {
            Files.deleteIfExists(body);
        }
    }

    private void write(Path body, List<List<Measured>> commits, int number) throws IOException {
        boolean isFirst = number == 0;
        String message = commits.size() == 1
                ? request.message()
                : request.message() + " (part " + (number + 1) + " of " + commits.size() + ")";
        try (CommitLines lines = new CommitLines(body, hub.json())) {
            lines.add(
                    CommitLine.HEADER,
                    CommitLine.Value.header(
                            message, isFirst ? request.parentCommit().orElse(null) : null));
            for (String path : isFirst ? request.deletions() : List.<String>of()) {
                lines.add(
                        path.endsWith("/") ? CommitLine.DELETED_FOLDER : CommitLine.DELETED_FILE,
                        CommitLine.Value.deletion(path));
            }
            for (Measured file : commits.get(number)) {
                lines.add(file);
            }
        }
    }

    /** What is left of a proposal goes onto the branch that its first commit made. */
    private void follow(CommitResult made) {
        Matcher proposal = PULL_REQUEST.matcher(String.valueOf(made.pullRequestUrl()));
        if (isProposed && proposal.find()) {
            branch = "refs/pr/" + proposal.group(1);
            isProposed = false;
        }
    }
}
