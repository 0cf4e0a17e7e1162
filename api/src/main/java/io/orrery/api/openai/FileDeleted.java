package io.orrery.api.openai;

/** The answer to deleting a file. */
public record FileDeleted(String id, String object, boolean deleted) {
    public FileDeleted(String id) {
        this(id, FileObject.OBJECT, true);
    }
}
