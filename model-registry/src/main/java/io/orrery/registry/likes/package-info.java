/** Who likes which repository. */
@NullMarked
package io.orrery.registry.likes;

import org.jspecify.annotations.NullMarked;
