/** How each wire says that something went wrong: OpenAI's object, the Hub's body and headers, problem documents on routes of our own. */
@NullMarked
package io.orrery.gateway.wire;

import org.jspecify.annotations.NullMarked;
