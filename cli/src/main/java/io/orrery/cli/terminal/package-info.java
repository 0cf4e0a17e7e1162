/** How commands talk to a person or to a pipe: lines, JSON lines, progress, tables, quantities. */
@NullMarked
package io.orrery.cli.terminal;

import org.jspecify.annotations.NullMarked;
