/** Computes on NVIDIA GPUs, and runs the same kernels on the host where there is none: knows the CUDA driver and kernels' names. */
@NullMarked
package io.orrery.engine.cuda;

import org.jspecify.annotations.NullMarked;
