/** OpenAI's wire, as its clients speak it. */
@NullMarked
package io.orrery.api.openai;

import org.jspecify.annotations.NullMarked;
