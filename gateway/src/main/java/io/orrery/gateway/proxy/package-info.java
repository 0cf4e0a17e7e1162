/** Passes calls on: to which upstream, with which token and headers, byte for byte, and what is said where that fails. */
@NullMarked
package io.orrery.gateway.proxy;

import org.jspecify.annotations.NullMarked;
