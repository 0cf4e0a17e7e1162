/** Tensors in memory: data types, block formats, shapes and where the bytes lie. */
@NullMarked
package io.orrery.engine.tensor;

import org.jspecify.annotations.NullMarked;
