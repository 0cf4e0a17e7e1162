/** Chat templates: the part of Jinja that they use. */
@NullMarked
package io.orrery.engine.template;

import org.jspecify.annotations.NullMarked;
