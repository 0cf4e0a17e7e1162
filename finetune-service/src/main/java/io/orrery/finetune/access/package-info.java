/** Who calls and what they may do, and the tokens by which this service calls others. */
@NullMarked
package io.orrery.finetune.access;

import org.jspecify.annotations.NullMarked;
