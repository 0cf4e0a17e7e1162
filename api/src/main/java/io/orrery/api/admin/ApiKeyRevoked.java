package io.orrery.api.admin;

/** @param object always {@code orrery.api_key.deleted} */
public record ApiKeyRevoked(String object, String id, boolean deleted) {}
