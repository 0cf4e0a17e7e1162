/** How fast a model is on this machine, measured as llama-bench does. */
@NullMarked
package io.orrery.cli.bench;

import org.jspecify.annotations.NullMarked;
