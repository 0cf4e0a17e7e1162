/** The one public door: keys, routing and resilience. */
@NullMarked
package io.orrery.gateway;

import org.jspecify.annotations.NullMarked;
