/** Takes in what {@code huggingface_hub} has downloaded to this machine: its cache's layout, and the route that reads one. */
@NullMarked
package io.orrery.registry.hubcache;

import org.jspecify.annotations.NullMarked;
