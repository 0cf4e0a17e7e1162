/** {@code /v1/chat/completions}, {@code /v1/completions} and {@code /v1/models}: from a request to text, streamed or in one piece. */
@NullMarked
package io.orrery.inference.completion;

import org.jspecify.annotations.NullMarked;
