/** Jobs, their states and events: the rows that are the truth, and the routes that show and change them. */
@NullMarked
package io.orrery.finetune.job;

import org.jspecify.annotations.NullMarked;
