/** Models of random weights, of the shapes of published ones. */
@NullMarked
package io.orrery.bench.model;

import org.jspecify.annotations.NullMarked;
