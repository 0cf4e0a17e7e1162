/** Client of the Hub wire: snapshots of repositories come down, commits go up. */
@NullMarked
package io.orrery.hub;

import org.jspecify.annotations.NullMarked;
