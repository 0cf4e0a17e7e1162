/** Looking inside models: headers, tokens, prompts, logits; and where a model that was named is found. */
@NullMarked
package io.orrery.cli.model;

import org.jspecify.annotations.NullMarked;
