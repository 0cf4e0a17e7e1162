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
    private static final int TOLD_BY = 64;

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
        int whole = size > MOST_HELD ? size : wholeEvents(held, size);
        byte[] out = Arrays.copyOf(held, whole);
        System.arraycopy(held, whole, held, 0, size - whole);
        size -= whole;
        if (whole > 0) {
            int start = wholeEvents(out, whole - 1);
            lastEvent = new String(out, start, Math.min(whole - start, TOLD_BY), StandardCharsets.UTF_8).strip();
        }
        return out;
    }

    /** What is left at a proper end: nothing, unless the service did not end its last event. */
    byte[] rest() {
        byte[] out = Arrays.copyOf(held, size);
        size = 0;
        return out;
    }

    /** Whether the last whole event was one that ends an answer on OpenAI's wire: the marker, or an error. */
    boolean isDone() {
        String data = lastEvent.startsWith("data:")
                ? lastEvent.substring("data:".length()).strip()
                : "";
        return data.equals("[DONE]") || data.startsWith("{\"error\":{");
    }

    /** Up to where blank lines end events, among the first bytes. */
    private static int wholeEvents(byte[] bytes, int count) {
        for (int i = count - 1; i > 0; i--) {
            if (bytes[i] == '\n' && (bytes[i - 1] == '\n' || (i > 1 && bytes[i - 1] == '\r' && bytes[i - 2] == '\n'))) {
                return i + 1;
            }
        }
        return 0;
    }
}
