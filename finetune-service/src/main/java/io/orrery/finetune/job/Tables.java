package io.orrery.finetune.job;

import org.springframework.stereotype.Component;

/** The tables of this feature. */
@Component
record Tables(JobTable jobs, JobEvents events, Checkpoints checkpoints) {}
