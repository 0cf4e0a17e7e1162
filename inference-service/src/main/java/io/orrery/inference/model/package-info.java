/** The models of this process: found by name, loaded on demand, kept while they are used and memory allows. */
@NullMarked
package io.orrery.inference.model;

import org.jspecify.annotations.NullMarked;
