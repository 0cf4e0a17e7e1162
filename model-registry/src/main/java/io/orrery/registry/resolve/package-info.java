/** Downloads: files of a revision, whole or in ranges, with the headers that clients cache by. */
@NullMarked
package io.orrery.registry.resolve;

import org.jspecify.annotations.NullMarked;
