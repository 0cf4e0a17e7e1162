package io.orrery.inference.model;

/** Another model or adapter can be asked, or one less, or one has begun to load. */
public record ResidencyChanged() {}
