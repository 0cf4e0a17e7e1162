/** What every device must do, by {@code ScalarOps}: tests that the modules with devices of their own extend. */
@NullMarked
package io.orrery.engine.ops.contract;

import org.jspecify.annotations.NullMarked;
