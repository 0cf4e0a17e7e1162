/** Weights that a Hugging Face folder keeps in parts, as bitsandbytes, GPTQ and AWQ write them, joined into one tensor each. */
@NullMarked
package io.orrery.engine.checkpoint.quantised;

import org.jspecify.annotations.NullMarked;
