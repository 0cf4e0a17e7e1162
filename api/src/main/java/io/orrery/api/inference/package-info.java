/** What inference-services say about themselves on Kafka. */
@NullMarked
package io.orrery.api.inference;

import org.jspecify.annotations.NullMarked;
