/** Which repository was made of which: steps between commits and what they name as theirs, followed in both directions. */
@NullMarked
package io.orrery.registry.lineage;

import org.jspecify.annotations.NullMarked;
