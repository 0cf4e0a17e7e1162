/** Folders as the Hugging Face Hub holds a model: config.json and weights in one file or in shards. */
@NullMarked
package io.orrery.engine.checkpoint.hub;

import org.jspecify.annotations.NullMarked;
