/** Models in other forms: what was asked for, the workers that share it, and the repositories that get the results. */
@NullMarked
package io.orrery.registry.conversion;

import org.jspecify.annotations.NullMarked;
