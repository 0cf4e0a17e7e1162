/** Names to tensors, read and written: safetensors, GGUF, Hugging Face folders, PEFT adapters. */
@NullMarked
package io.orrery.engine.checkpoint;

import org.jspecify.annotations.NullMarked;
