package io.orrery.finetune.file;

import java.time.Instant;

/**
 * A file that is here.
 *
 * @param owner who sent it, of which project
 * @param sha256 64 lower-case hex digits
 */
public record StoredFile(
        String id,
        String project,
        String owner,
        String filename,
        String purpose,
        long bytes,
        String sha256,
        Instant createdAt) {}
