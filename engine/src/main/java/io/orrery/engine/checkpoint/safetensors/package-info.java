/** Files of tensors in the safetensors format: header, tensors, writer. */
@NullMarked
package io.orrery.engine.checkpoint.safetensors;

import org.jspecify.annotations.NullMarked;
