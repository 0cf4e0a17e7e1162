/** What a model takes of a device, to answer and to be tuned, worked out from its description alone: bytes by part, and what fits. */
@NullMarked
package io.orrery.engine.plan;

import org.jspecify.annotations.NullMarked;
