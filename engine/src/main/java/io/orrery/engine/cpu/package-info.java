/** Operations on the CPU: kernels from src/main/c bound by java.lang.foreign. */
@NullMarked
package io.orrery.engine.cpu;

import org.jspecify.annotations.NullMarked;
