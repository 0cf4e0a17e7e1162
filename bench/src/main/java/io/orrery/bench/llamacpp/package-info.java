/** How fast this engine is beside llama.cpp, on one machine and in turns. */
@NullMarked
package io.orrery.bench.llamacpp;

import org.jspecify.annotations.NullMarked;
