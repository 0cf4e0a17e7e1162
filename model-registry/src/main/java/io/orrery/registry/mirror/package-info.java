/** Another hub's repositories, answered with as if they were ours: what is asked for is fetched once, verified and kept. */
@NullMarked
package io.orrery.registry.mirror;

import org.jspecify.annotations.NullMarked;
