/** Fine-tuning: LoRA, AdamW, schedules, checkpoints and objectives. */
@NullMarked
package io.orrery.engine.train;

import org.jspecify.annotations.NullMarked;
