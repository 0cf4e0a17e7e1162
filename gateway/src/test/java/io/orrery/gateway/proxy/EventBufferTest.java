package io.orrery.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventBufferTest {
    private final EventBuffer events = new EventBuffer();

    @Test
    void wholeEventsPassAtOnceAndUnchanged() {
        assertThat(accept("data: {\"a\":1}\n\n")).isEqualTo("data: {\"a\":1}\n\n");
        assertThat(accept(": ping\n\ndata: x\r\n\r\n")).isEqualTo(": ping\n\ndata: x\r\n\r\n");
        assertThat(rest()).isEmpty();
    }

    @Test
    void halfEventsWaitForTheirOtherHalf() {
        assertThat(accept("data: one\n\ndata: t")).isEqualTo("data: one\n\n");
        assertThat(accept("wo\n")).isEmpty();
        assertThat(accept("\ndata: three")).isEqualTo("data: two\n\n");
        assertThat(rest()).isEqualTo("data: three");
    }

    @Test
    void everySplitOfAStreamGivesTheSameBytes() {
        byte[] stream =
                "data: ä€😀\r\n\r\ndata: b\n\nevent: x\ndata: c\n\ndata: [DONE]\n\n".getBytes(StandardCharsets.UTF_8);
        for (int piece = 1; piece <= stream.length; piece++) {
            EventBuffer buffer = new EventBuffer();
            StringBuilder out = new StringBuilder();
            for (int at = 0; at < stream.length; at += piece) {
                int count = Math.min(piece, stream.length - at);
                out.append(
                        new String(buffer.accept(List.of(ByteBuffer.wrap(stream, at, count))), StandardCharsets.UTF_8));
            }
            assertThat(out.toString()).isEqualTo(new String(stream, StandardCharsets.UTF_8));
            assertThat(buffer.isDone()).isTrue();
        }
    }

    @Test
    void doneIsTheLastEventAlone() {
        accept("data: {\"content\":\"[DONE]\"}\n\n");
        assertThat(events.isDone()).isFalse();
        accept("data: [DONE]\n\n");
        assertThat(events.isDone()).isTrue();
        accept("data: more\n\n");
        assertThat(events.isDone()).isFalse();
        accept("data: a\n\ndata:[DONE]\r\n\r\n");
        assertThat(events.isDone()).isTrue();
    }

    @Test
    void aServicesOwnErrorEndsAnAnswerToo() {
        accept("data: {\"id\":\"x\",\"error\":null}\n\n");
        assertThat(events.isDone()).isFalse();
        accept("data: {\"error\":{\"message\":\"" + "long ".repeat(100) + "\"}}\n\n");
        assertThat(events.isDone()).isTrue();
    }

    @Test
    void anEndlessEventIsLetThrough() {
        String endless = "x".repeat((1 << 20) + 1);
        assertThat(accept(endless)).isEqualTo(endless);
    }

    private String accept(String text) {
        return new String(
                events.accept(List.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)))), StandardCharsets.UTF_8);
    }

    private String rest() {
        return new String(events.rest(), StandardCharsets.UTF_8);
    }
}
