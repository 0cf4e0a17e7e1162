package io.orrery.gateway.proxy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Lets a stream of server-sent events through event by event: what a service writes as one event reaches the client as soon as it is
 * whole, and of a stream that breaks off no half event does, which clients would try to read as JSON. Bytes are never changed.
 * Confined to one thread.
 */
final class EventBuffer {
    private static final int MOST_HELD = 1 << 20;
    private static final int LONGEST_END = 64;

    private byte[] held = new byte[4096];
    private int size;
    private String lastEvent = "";

    /** Takes what came and gives the events that are whole now; mostly all of it. */
    byte[] accept(Iterable<ByteBuffer> buffers) {
        for (ByteBuffer buffer : buffers) {
            int count = buffer.remaining();
            if (size + count > held.length) {
                held = Arrays.copyOf(held, Math.max(held.length * 2, size + count));
            }
            buffer.get(held, size, count);
            size += count;
        }
        int whole = size > MOST_HELD ? size : wholeEvents();
        byte[] out = Arrays.copyOf(held, whole);
        System.arraycopy(held, whole, held, 0, size - whole);
        size -= whole;
        if (whole > 0) {
            lastEvent = new String(
                    out, Math.max(0, whole - LONGEST_END), Math.min(whole, LONGEST_END), StandardCharsets.UTF_8);
        }
        return out;
    }

    /** What is left at a proper end: nothing, unless the service did not end its last event. */
    byte[] rest() {
        byte[] out = Arrays.copyOf(held, size);
        size = 0;
        return out;
    }

    /** Whether the last whole event was the one that ends an answer on OpenAI's wire. */
    boolean isDone() {
        return lastEvent.stripTrailing().endsWith("[DONE]");
    }

    /** Up to where blank lines end events. */
    private int wholeEvents() {
        for (int i = size - 1; i > 0; i--) {
            if (held[i] == '\n' && (held[i - 1] == '\n' || (i > 1 && held[i - 1] == '\r' && held[i - 2] == '\n'))) {
                return i + 1;
            }
        }
        return 0;
    }
}
