package io.orrery.registry.keeping;

/**
 * What an eviction did.
 *
 * @param contents that went
 * @param bytes of them
 * @param kept bytes that only mirrored repositories have and that are still here
 * @param most that there may be
 */
record Evicted(long contents, long bytes, long kept, long most) {}
