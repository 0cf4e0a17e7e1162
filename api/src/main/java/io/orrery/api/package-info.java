/** Wire contracts: records, enums and HTTP interfaces, one package a provider; no logic. */
@NullMarked
package io.orrery.api;

import org.jspecify.annotations.NullMarked;
