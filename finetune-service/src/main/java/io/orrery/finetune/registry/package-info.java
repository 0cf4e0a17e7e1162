/** The model registry, as jobs need it: bases by revision, and where results go with their lineage. */
@NullMarked
package io.orrery.finetune.registry;

import org.jspecify.annotations.NullMarked;
