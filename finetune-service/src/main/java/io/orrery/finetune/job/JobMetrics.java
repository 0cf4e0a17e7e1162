package io.orrery.finetune.job;

import java.util.Map;

/** What was measured at a step, by the names of {@link io.orrery.api.openai.FineTuningEvent#METRICS}. */
public record JobMetrics(int step, Map<String, Object> data) {}
