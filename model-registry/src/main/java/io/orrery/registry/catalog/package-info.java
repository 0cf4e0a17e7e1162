/** What there is: infos of repositories and lists of them, put together from their rows and their facts. */
@NullMarked
package io.orrery.registry.catalog;

import org.jspecify.annotations.NullMarked;
