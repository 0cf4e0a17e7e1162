/** Hub-compatible repositories of models and datasets. */
@NullMarked
package io.orrery.registry;

import org.jspecify.annotations.NullMarked;
