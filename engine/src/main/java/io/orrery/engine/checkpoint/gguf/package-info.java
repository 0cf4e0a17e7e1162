/** Files of tensors in the GGUF format: metadata, header, tensors, writer. */
@NullMarked
package io.orrery.engine.checkpoint.gguf;

import org.jspecify.annotations.NullMarked;
