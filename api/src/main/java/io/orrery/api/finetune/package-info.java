/** What finetune-services say on Kafka: wake-ups, control, and what happened to jobs. */
@NullMarked
package io.orrery.api.finetune;

import org.jspecify.annotations.NullMarked;
