package io.orrery.hub;

import io.orrery.api.hub.CommitResult;
import java.time.Duration;

/** What happens while files go down or up. Listeners are called on the thread that asked, one event at a time. */
public sealed interface HubEvent {
    /** Somebody else works in the same folder, and is waited for. */
    record Waiting(String what) implements HubEvent {}

    /** What is to be moved is known. */
    record Planned(int files, long bytes) implements HubEvent {}

    /** How much of what is here has been read to learn its hashes, some times a second. */
    record Hashed(String path, long done, long total) implements HubEvent {}

    /** A file that the repository's rules, or the folder's own, leave out. */
    record Ignored(String path) implements HubEvent {}

    /** A file that need not be moved: the same content is there. */
    record Kept(String path, long size) implements HubEvent {}

    /**
     * How far it is, some times a second.
     *
     * @param path a file that is on its way
     */
    record Moved(String path, long done, long total) implements HubEvent {}

    /** Something failed that may pass, and is tried again after a pause. */
    record Retried(String path, int failures, Duration pause, String reason) implements HubEvent {}

    /** A file is there, whole and checked. */
    record Arrived(String path, long size, String hash) implements HubEvent {}

    /** One of some commits was made. */
    record Committed(CommitResult commit, int number, int of) implements HubEvent {}
}
