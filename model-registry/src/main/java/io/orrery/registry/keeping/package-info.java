/** Keeps the store clean and whole: what nobody needs goes, what rots is found and mended, and projects stay within their quotas. */
@NullMarked
package io.orrery.registry.keeping;

import org.jspecify.annotations.NullMarked;
