/** Keys and values of past tokens, in blocks. */
@NullMarked
package io.orrery.engine.kvcache;

import org.jspecify.annotations.NullMarked;
