package io.orrery.gateway.access;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Callers without a key.
 *
 * @param reads whether they may read what is public in the hub, as they may in the Hub that its clients know
 */
@ConfigurationProperties("orrery.gateway.anonymous")
record AnonymousProperties(@DefaultValue("true") boolean reads) {}
