/** Which contents this registry takes, which it takes with a warning, and what the pickles among them would run. */
@NullMarked
package io.orrery.registry.policy;

import org.jspecify.annotations.NullMarked;
