/** API keys: how they are made, hashed, kept and found. Knows no HTTP. */
@NullMarked
package io.orrery.gateway.key;

import org.jspecify.annotations.NullMarked;
