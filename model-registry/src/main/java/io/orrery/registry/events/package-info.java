/** Tells Kafka what happened to repositories: a row in the same transaction, sent afterwards, at least once and in order. */
@NullMarked
package io.orrery.registry.events;

import org.jspecify.annotations.NullMarked;
