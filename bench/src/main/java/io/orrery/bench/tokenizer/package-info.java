/** How fast text becomes tokens. */
@NullMarked
package io.orrery.bench.tokenizer;

import org.jspecify.annotations.NullMarked;
