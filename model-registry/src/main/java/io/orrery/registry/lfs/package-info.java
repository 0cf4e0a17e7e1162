/** Git-LFS: contents that are too large for a commit are put to signed addresses, and belong to the repository that was given them. */
@NullMarked
package io.orrery.registry.lfs;

import org.jspecify.annotations.NullMarked;
