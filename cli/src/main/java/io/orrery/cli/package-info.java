/** The orrery command: one class a subcommand. */
@NullMarked
package io.orrery.cli;

import org.jspecify.annotations.NullMarked;
