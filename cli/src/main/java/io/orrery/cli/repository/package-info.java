/** Commands on repositories of models and data sets: what the Hub's own command line does. */
@NullMarked
package io.orrery.cli.repository;

import org.jspecify.annotations.NullMarked;
