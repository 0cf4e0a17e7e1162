/** The operations a transformer is made of, and their meaning in plain loops. */
@NullMarked
package io.orrery.engine.ops;

import org.jspecify.annotations.NullMarked;
