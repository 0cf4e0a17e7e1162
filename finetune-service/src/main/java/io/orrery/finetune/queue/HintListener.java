package io.orrery.finetune.queue;

import io.orrery.api.finetune.JobMessage;

/** Somebody who looks at the rows sooner when told to. Called on Kafka's thread: must return at once, and bear to be told twice. */
public interface HintListener {
    void hint(JobMessage message);
}
