package io.orrery.api.hub;

/**
 * Says that a conversion waits for a worker, on the topic {@link #TOPIC}, which workers read as the share group {@link #GROUP}. It may come
 * twice: the conversion's row tells what is to be done.
 *
 * @param conversion its id
 */
public record ConversionMessage(String conversion) {
    public static final String TOPIC = "registry.conversions";
    public static final String GROUP = "registry-conversions";
}
