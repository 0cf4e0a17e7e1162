/** OpenAI's wire: bodies in, errors and event streams out, and whether the client still waits. */
@NullMarked
package io.orrery.inference.wire;

import org.jspecify.annotations.NullMarked;
