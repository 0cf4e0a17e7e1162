package io.orrery.finetune.job;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a worker has to say since its last report.
 *
 * @param progress absent where no step was done yet
 * @param checkpoints steps that are whole on disk, with what was measured at them
 */
public record JobReport(
        Optional<Progress> progress, List<JobNote> notes, Map<Integer, Map<String, Object>> checkpoints) {}
