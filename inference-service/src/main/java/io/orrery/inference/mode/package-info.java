/** Whether this process is a worker of the platform, or serves one model by itself. */
@NullMarked
package io.orrery.inference.mode;

import org.jspecify.annotations.NullMarked;
