/** Fine-tuning jobs: files that describe them, the queue's commands, and the same job in this process. */
@NullMarked
package io.orrery.cli.tune;

import org.jspecify.annotations.NullMarked;
