/** The Hub's wire: what repositories of models and datasets look like to the clients of huggingface.co. */
@NullMarked
package io.orrery.api.hub;

import org.jspecify.annotations.NullMarked;
