/** Folders of LoRA adapters as Hugging Face PEFT writes and reads them. */
@NullMarked
package io.orrery.engine.checkpoint.peft;

import org.jspecify.annotations.NullMarked;
