/** What goes to and comes from Kafka: a row in the same transaction first, sent afterwards; hints on the way back. */
@NullMarked
package io.orrery.finetune.queue;

import org.jspecify.annotations.NullMarked;
