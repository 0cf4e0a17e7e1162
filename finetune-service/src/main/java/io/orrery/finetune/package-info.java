/** Fine-tuning jobs: datasets, queue and trainer workers. */
@NullMarked
package io.orrery.finetune;

import org.jspecify.annotations.NullMarked;
