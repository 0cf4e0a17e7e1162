package io.orrery.inference.completion;

import java.time.Instant;
import java.util.UUID;

/**
 * What is the same on all pieces of one answer.
 *
 * @param created Unix seconds
 * @param model as the request named it
 */
record AnswerIds(String id, long created, String model) {
    static AnswerIds of(String prefix, String model) {
        return new AnswerIds(
                prefix + UUID.randomUUID().toString().replace("-", ""),
                Instant.now().getEpochSecond(),
                model);
    }
}
