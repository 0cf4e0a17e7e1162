/** Which routes there are, what each asks of a caller, and who the caller is. What is not named here is denied. */
@NullMarked
package io.orrery.gateway.access;

import org.jspecify.annotations.NullMarked;
