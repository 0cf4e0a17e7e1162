/** What goes on inside a model while it reads a prompt: where tokens look, and what each layer would say; as numbers and as a page. */
@NullMarked
package io.orrery.cli.lens;

import org.jspecify.annotations.NullMarked;
