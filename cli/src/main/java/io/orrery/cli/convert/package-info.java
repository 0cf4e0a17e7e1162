/** Commands that make another file of a model: another format, other numbers. */
@NullMarked
package io.orrery.cli.convert;

import org.jspecify.annotations.NullMarked;
