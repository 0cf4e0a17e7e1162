package io.orrery.engine.tokenizer;

/** Strips one character from the ends of each token, holding back no more than may have to go. */
final class StripSink implements DecodeSink {
    private final Decoder.Strip strip;
    private final DecodeSink to;
    private final String content;
    private int leading;
    private int held;

    StripSink(Decoder.Strip strip, DecodeSink to) {
        this.strip = strip;
        this.to = to;
        this.content = Character.toString(strip.content());
    }

    @Override
    public void take(String text, boolean first, boolean last) {
        if (first) {
            leading = strip.start();
            held = 0;
        }
        StringBuilder out = new StringBuilder(text.length());
        text.codePoints().forEach(c -> character(c, out));
        if (last) {
            held = 0;
        }
        to.take(out.toString(), first, last);
    }

    @Override
    public void end() {
        to.end();
    }

    private void character(int c, StringBuilder out) {
        if (c == strip.content() && leading > 0) {
            leading--;
        } else if (c == strip.content() && held < strip.stop()) {
            leading = 0;
            held++;
        } else if (c == strip.content()) {
            leading = 0;
            out.append(content);
        } else {
            leading = 0;
            out.repeat(content, held).appendCodePoint(c);
            held = 0;
        }
    }
}
