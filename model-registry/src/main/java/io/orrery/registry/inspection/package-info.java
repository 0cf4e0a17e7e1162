/** What files say about themselves: headers of weights, the card, config.json; read, never executed. */
@NullMarked
package io.orrery.registry.inspection;

import org.jspecify.annotations.NullMarked;
