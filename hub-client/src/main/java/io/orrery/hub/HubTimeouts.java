package io.orrery.hub;

import java.time.Duration;

/**
 * How long the client waits.
 *
 * @param connect for a connection
 * @param answer for the answer to a request that moves no file
 * @param stall for the next bytes of a file
 * @param slowestBytesPerSecond what an upload must move at least; its deadline is its size over this, and {@code answer}
 * @param snapshot for another process that is downloading into the same folder
 */
public record HubTimeouts(
        Duration connect, Duration answer, Duration stall, long slowestBytesPerSecond, Duration snapshot) {
    public static final HubTimeouts DEFAULT = new HubTimeouts(
            Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(60), 256 * 1024, Duration.ofHours(12));

    Duration upload(long size) {
        return answer.plusSeconds(size / slowestBytesPerSecond);
    }
}
