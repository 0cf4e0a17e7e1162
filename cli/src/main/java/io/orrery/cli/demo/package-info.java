/** The demonstration: from nothing to a tuned model, offline, through the platform's own doors. */
@NullMarked
package io.orrery.cli.demo;

import org.jspecify.annotations.NullMarked;
