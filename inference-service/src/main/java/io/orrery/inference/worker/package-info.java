/** What this process says about itself: on Kafka to the gateways, and as metrics. */
@NullMarked
package io.orrery.inference.worker;

import org.jspecify.annotations.NullMarked;
