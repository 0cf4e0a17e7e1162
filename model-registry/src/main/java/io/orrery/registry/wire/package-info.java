/** The Hub's wire: which request means what, who asks, and how errors and addresses are written. Knows no repository. */
@NullMarked
package io.orrery.registry.wire;

import org.jspecify.annotations.NullMarked;
