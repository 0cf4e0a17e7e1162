/** The administrators' routes: keys. */
@NullMarked
package io.orrery.gateway.admin;

import org.jspecify.annotations.NullMarked;
