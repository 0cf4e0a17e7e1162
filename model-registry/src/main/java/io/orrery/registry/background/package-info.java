/** Threads that work beside the requests: while there is work, then asleep until they are woken or a pause is over. */
@NullMarked
package io.orrery.registry.background;

import org.jspecify.annotations.NullMarked;
