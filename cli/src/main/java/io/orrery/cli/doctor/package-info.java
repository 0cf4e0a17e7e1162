/** What this machine has of what the platform needs or can use, and how to get the rest. */
@NullMarked
package io.orrery.cli.doctor;

import org.jspecify.annotations.NullMarked;
