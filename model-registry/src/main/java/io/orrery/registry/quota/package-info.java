/** How much a namespace may keep: bytes and repositories, counted when something is to be added. */
@NullMarked
package io.orrery.registry.quota;

import org.jspecify.annotations.NullMarked;
