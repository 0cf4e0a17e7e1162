package io.orrery.hub;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A revision's files in a folder of somebody's own, who may have some of them already and others beside them. Files grow in
 * {@code FOLDER/.cache/orrery} under their content's hash, and are renamed to their place when whole and checked.
 */
final class FolderDownload {
    private static final String WORK = ".cache/orrery";

    private final HubConnection hub;
    private final Path folder;
    private final Path work;
    private final DownloadRequest request;
    private final Consumer<HubEvent> listener;

    /** @param folder absolute; made where it is missing */
    FolderDownload(HubConnection hub, Path folder, DownloadRequest request, Consumer<HubEvent> listener) {
        this.hub = hub;
        this.folder = folder.normalize();
        this.work = this.folder.resolve(WORK);
        this.request = request;
        this.listener = listener;
    }

    void fetch(List<RemoteFile> files, Function<RemoteFile, URI> addresses) {
        try {
            files.forEach(file -> RepositoryPath.under(folder, file.path()));
            Files.createDirectories(folder);
            RepositoryPath.makeParents(folder, work.resolve("any"));
            try (FolderLock _ = FolderLock.acquire(
                    work.resolve(".lock"),
                    hub.timeouts().snapshot(),
                    () -> listener.accept(new HubEvent.Waiting("another download into " + folder)))) {
                locked(files, addresses);
            }
        } catch (IOException e) {
            throw HubException.local("Could not download into " + folder + ": " + e, e);
        }
    }

    private void locked(List<RemoteFile> files, Function<RemoteFile, URI> addresses) throws IOException {
        PartialFile.sweep(work, files);
        listener.accept(new HubEvent.Planned(files.size(), RemoteFile.bytes(files)));
        Map<String, List<RemoteFile>> missing = missing(files);
        List<RemoteFile> contents =
                missing.values().stream().map(List::getFirst).toList();
        Room.require(work, missing.values().stream().flatMap(List::stream).toList());
        new Transfers(
                        hub,
                        work,
                        addresses,
                        whole -> place(whole, missing.getOrDefault(whole.file().contentId(), List.of())),
                        listener)
                .fetch(contents, request);
    }

    /** The files that are not here as they are promised, those of the same content together. */
    private Map<String, List<RemoteFile>> missing(List<RemoteFile> files) throws IOException {
        Set<RemoteFile> here = here(files);
        Map<String, List<RemoteFile>> missing = new LinkedHashMap<>();
        for (RemoteFile file : files) {
            if (here.contains(file)) {
                listener.accept(new HubEvent.Kept(file.path(), file.size()));
            } else {
                missing.computeIfAbsent(file.contentId(), _ -> new ArrayList<>())
                        .add(file);
            }
        }
        return missing;
    }

    private Set<RemoteFile> here(List<RemoteFile> files) throws IOException {
        List<RemoteFile> candidates = new ArrayList<>();
        List<Hashing.Question> questions = new ArrayList<>();
        for (RemoteFile file : files) {
            Path place = RepositoryPath.under(folder, file.path());
            if (Files.isRegularFile(place) && Files.size(place) == file.size()) {
                candidates.add(file);
                questions.add(new Hashing.Question(
                        file.path(), file.size(), () -> Files.newInputStream(place), file::digest));
            }
        }
        List<String> hashes = Hashing.of(questions, listener);
        return IntStream.range(0, hashes.size())
                .filter(i -> hashes.get(i).equals(candidates.get(i).contentId()))
                .mapToObj(candidates::get)
                .collect(Collectors.toSet());
    }

    private void place(PartialFile whole, List<RemoteFile> files) throws IOException {
        Path first = prepared(files.getFirst());
        whole.finish(first);
        for (RemoteFile same : files.subList(1, files.size())) {
            Path beside = work.resolve(same.contentId() + ".copy");
            Files.copy(first, beside, StandardCopyOption.REPLACE_EXISTING);
            Files.move(beside, prepared(same), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private Path prepared(RemoteFile file) throws IOException {
        Path place = RepositoryPath.under(folder, file.path());
        RepositoryPath.makeParents(folder, place);
        if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
            throw new HubException(
                    0,
                    HubException.LOCAL,
                    place + " is a folder, and the repository has a file of this name. Move it away first.");
        }
        return place;
    }
}
