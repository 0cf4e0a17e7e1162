/** Model families as data, and the one network that runs them. */
@NullMarked
package io.orrery.engine.model;

import org.jspecify.annotations.NullMarked;
