/** One model on a port, without a platform. */
@NullMarked
package io.orrery.cli.serve;

import org.jspecify.annotations.NullMarked;
