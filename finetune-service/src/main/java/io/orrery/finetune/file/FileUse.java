package io.orrery.finetune.file;

import java.util.Optional;

/** Who needs a file: it cannot be deleted before. */
public interface FileUse {
    /** What uses the file, for people, such as {@code job ftjob-17}. */
    Optional<String> userOf(StoredFile file);
}
