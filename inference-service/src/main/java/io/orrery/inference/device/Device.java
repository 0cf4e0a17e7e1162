package io.orrery.inference.device;

import io.orrery.engine.generate.Engine;
import io.orrery.engine.generate.ServingOptions;

/**
 * What this process computes with. Immutable; the engine is thread-safe.
 *
 * @param memory bytes that models and their caches may take together
 * @param serving how much of it one model takes
 */
public record Device(Engine engine, long memory, ServingOptions serving) {}
