/** Contents by their sha256: written once, hashed on the way in, synced, and visible only when whole. */
@NullMarked
package io.orrery.registry.blob;

import org.jspecify.annotations.NullMarked;
