/** Who calls: scopes, and the token by which the gateway and the services vouch for a caller. */
@NullMarked
package io.orrery.api.identity;

import org.jspecify.annotations.NullMarked;
