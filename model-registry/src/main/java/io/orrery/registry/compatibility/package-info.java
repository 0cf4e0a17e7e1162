/** Which versions of which clients work against this registry: what their batteries reported last. */
@NullMarked
package io.orrery.registry.compatibility;

import org.jspecify.annotations.NullMarked;
