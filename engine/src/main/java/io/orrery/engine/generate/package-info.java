/** Many sequences at once on one device: scheduler, sampler and the loop that owns the device. */
@NullMarked
package io.orrery.engine.generate;

import org.jspecify.annotations.NullMarked;
