/** Which inference workers there are, what each holds, and which of them suits a request. Learns it from Kafka. */
@NullMarked
package io.orrery.gateway.route;

import org.jspecify.annotations.NullMarked;
