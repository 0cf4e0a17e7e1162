/** Models in other files and other numbers: Hugging Face folders to GGUF and back, block types, mixes of them. */
@NullMarked
package io.orrery.engine.convert;

import org.jspecify.annotations.NullMarked;
