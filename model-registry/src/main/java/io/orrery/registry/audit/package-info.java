/** Who did what to which repository, when: a log that only grows, for administrators. */
@NullMarked
package io.orrery.registry.audit;

import org.jspecify.annotations.NullMarked;
