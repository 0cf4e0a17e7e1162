/** Runs jobs: takes one, keeps its lease, trains, reports, publishes; and checks data before that. */
@NullMarked
package io.orrery.finetune.worker;

import org.jspecify.annotations.NullMarked;
