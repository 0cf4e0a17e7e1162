package io.orrery.api.hub;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/** What happens while a cache is taken in, in the order in which it does; the last is {@link Done} or {@link Failed}. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(value = ImportEvent.Found.class, name = "repository"),
    @JsonSubTypes.Type(value = ImportEvent.Progress.class, name = "progress"),
    @JsonSubTypes.Type(value = ImportEvent.Taken.class, name = "taken"),
    @JsonSubTypes.Type(value = ImportEvent.Skipped.class, name = "skipped"),
    @JsonSubTypes.Type(value = ImportEvent.Done.class, name = "done"),
    @JsonSubTypes.Type(value = ImportEvent.Failed.class, name = "failed")
})
public sealed interface ImportEvent {
    /** A repository of the cache, whose files follow. */
    record Found(String type, String repo, int revisions, int files, long bytes) implements ImportEvent {}

    /** How much of a content was looked at. */
    record Progress(String repo, String path, long done, long total) implements ImportEvent {}

    /**
     * A file that is in the registry now.
     *
     * @param how {@code linked}, {@code copied}, or {@code here} where its content was there before
     */
    record Taken(String repo, String path, long size, String how) implements ImportEvent {}

    /**
     * Something that was left out.
     *
     * @param repo empty where it is no repository's
     * @param path in the cache
     */
    record Skipped(String repo, String path, String why) implements ImportEvent {}

    /** The end. */
    record Done(int repositories, int revisions, int files, long bytes, long linked, long copied, int skipped)
            implements ImportEvent {}

    /** The end before the end; what was taken in until then stays, and the same request goes on from there. */
    record Failed(String why) implements ImportEvent {}
}
