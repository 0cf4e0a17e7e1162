/** The whole platform on one machine: the four services in one JVM, PostgreSQL and Kafka as its child processes. */
@NullMarked
package io.orrery.standalone;

import org.jspecify.annotations.NullMarked;
