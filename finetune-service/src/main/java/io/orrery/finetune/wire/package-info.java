/** How this service says that something went wrong: OpenAI's error object. */
@NullMarked
package io.orrery.finetune.wire;

import org.jspecify.annotations.NullMarked;
