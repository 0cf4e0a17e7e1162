/** Serves models on one device. */
@NullMarked
package io.orrery.inference;

import org.jspecify.annotations.NullMarked;
