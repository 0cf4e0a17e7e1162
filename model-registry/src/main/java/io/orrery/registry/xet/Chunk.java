package io.orrery.registry.xet;

/**
 * A piece of a content.
 *
 * @param length bytes of the content
 */
record Chunk(XetHash hash, int length) {}
