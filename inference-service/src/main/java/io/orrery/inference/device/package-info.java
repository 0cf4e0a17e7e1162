/** The one device of this process, and how it is used. */
@NullMarked
package io.orrery.inference.device;

import org.jspecify.annotations.NullMarked;
