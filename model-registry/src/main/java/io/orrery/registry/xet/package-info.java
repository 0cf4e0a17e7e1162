/** Xet: contents as lists of chunks, so that what two contents share is uploaded and kept once. */
@NullMarked
package io.orrery.registry.xet;

import org.jspecify.annotations.NullMarked;
