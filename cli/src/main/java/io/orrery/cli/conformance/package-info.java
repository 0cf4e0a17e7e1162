/** Golden cases: what other implementations computed, against what the engine computes. */
@NullMarked
package io.orrery.cli.conformance;

import org.jspecify.annotations.NullMarked;
