/** The platform as its clients see it: where it is, with which key, and what is asked of it over the wire. */
@NullMarked
package io.orrery.cli.platform;

import org.jspecify.annotations.NullMarked;
