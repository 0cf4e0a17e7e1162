/** Who may do what: bearer tokens, the scope of every route, and the headers that every answer carries. */
@NullMarked
package io.orrery.registry.access;

import org.jspecify.annotations.NullMarked;
