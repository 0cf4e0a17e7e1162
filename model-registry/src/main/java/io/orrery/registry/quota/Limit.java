package io.orrery.registry.quota;

import java.util.Optional;

/** The most that a namespace may keep; what is empty has no limit. */
record Limit(Optional<Long> bytes, Optional<Integer> repositories) {}
