/** The gateway's administration: keys. */
@NullMarked
package io.orrery.api.admin;

import org.jspecify.annotations.NullMarked;
