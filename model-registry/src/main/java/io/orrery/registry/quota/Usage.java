package io.orrery.registry.quota;

/** What a namespace keeps. */
record Usage(String namespace, long bytes, int repositories) {}
