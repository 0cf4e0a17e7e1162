/** What a model takes of a device, and what of it fits. */
@NullMarked
package io.orrery.cli.plan;

import org.jspecify.annotations.NullMarked;
