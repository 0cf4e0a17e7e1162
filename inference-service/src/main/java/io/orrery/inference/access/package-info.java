/** Who may ask: the gateway's tokens, or a key of its own where one local model is served. */
@NullMarked
package io.orrery.inference.access;

import org.jspecify.annotations.NullMarked;
