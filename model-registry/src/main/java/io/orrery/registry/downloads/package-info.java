/** How often repositories are downloaded: counted in memory beside the requests, written every few seconds. */
@NullMarked
package io.orrery.registry.downloads;

import org.jspecify.annotations.NullMarked;
