/** What clients do to commit: check a card, ask how each file goes, and send the commit line by line. */
@NullMarked
package io.orrery.registry.commit;

import org.jspecify.annotations.NullMarked;
