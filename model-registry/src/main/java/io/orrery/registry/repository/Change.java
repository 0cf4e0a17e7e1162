package io.orrery.registry.repository;

/** What a commit does to its tree; changes are applied in order. */
public sealed interface Change {
    FilePath path();

    /** Adds or replaces a file. */
    record Put(FilePath path, GitBlob blob) implements Change {}

    /** Removes a file that must be there. */
    record DeleteFile(FilePath path) implements Change {}

    /** Removes a folder that must be there, with all in it. */
    record DeleteFolder(FilePath path) implements Change {}
}
