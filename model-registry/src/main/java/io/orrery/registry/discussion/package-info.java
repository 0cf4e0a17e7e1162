/** Words about repositories, and proposals of commits to them: what was said and done, in order. */
@NullMarked
package io.orrery.registry.discussion;

import org.jspecify.annotations.NullMarked;
