package io.orrery.cli.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A training's loss over its steps as an SVG picture, for a model card. */
final class LossCurve {
    private static final int WIDTH = 640;
    private static final int HEIGHT = 320;
    private static final int LEFT = 56;
    private static final int RIGHT = 16;
    private static final int TOP = 32;
    private static final int BOTTOM = 44;
    private static final int TICKS = 4;
    /** More points than pixels show nothing more. */
    private static final int MOST_POINTS = 400;

    /** Mean loss in nats a token at a step. */
    record Point(int step, double loss) {}

    private final String title;
    private final List<Point> points;
    private final int lastStep;
    private final double highest;

    /** @throws IllegalArgumentException where there is nothing to draw */
    LossCurve(String title, List<Point> all) {
        if (all.isEmpty()) {
            throw new IllegalArgumentException("a loss curve needs a point at least");
        }
        this.title = title;
        this.points = thinned(all);
        this.lastStep = Math.max(1, all.getLast().step());
        this.highest =
                Math.max(1e-6, points.stream().mapToDouble(Point::loss).max().orElseThrow());
    }

    /** Neighbouring points averaged, so that few enough are left. */
    private static List<Point> thinned(List<Point> all) {
        int group = Math.ceilDiv(all.size(), MOST_POINTS);
        List<Point> thin = new ArrayList<>();
        for (int from = 0; from < all.size(); from += group) {
            List<Point> some = all.subList(from, Math.min(all.size(), from + group));
            double mean = some.stream().mapToDouble(Point::loss).average().orElseThrow();
            thin.add(new Point(some.getLast().step(), mean));
        }
        return thin;
    }

    String svg() {
        StringBuilder out = new StringBuilder();
        out.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
                .formatted(WIDTH, HEIGHT, WIDTH, HEIGHT));
        out.append("font-family=\"sans-serif\" font-size=\"12\" role=\"img\" aria-label=\"")
                .append(escaped(title))
                .append("\">\n<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
        text(out, WIDTH / 2.0, 20, "middle", title);
        axes(out);
        out.append("<polyline fill=\"none\" stroke=\"#2563eb\" stroke-width=\"1.5\" points=\"");
        for (Point point : points) {
            out.append("%s,%s ".formatted(number(x(point.step())), number(y(point.loss()))));
        }
        return out.append("\"/>\n</svg>\n").toString();
    }

    private void axes(StringBuilder out) {
        for (int i = 0; i <= TICKS; i++) {
            double loss = highest * i / TICKS;
            int step = Math.round((float) lastStep * i / TICKS);
            out.append("<path d=\"M%d %sH%d\" stroke=\"#e5e7eb\"/>\n".formatted(LEFT, number(y(loss)), WIDTH - RIGHT));
            text(out, LEFT - 6, y(loss) + 4, "end", String.format(Locale.ROOT, "%.2f", loss));
            text(out, x(step), HEIGHT - BOTTOM + 18, "middle", Integer.toString(step));
        }
        text(out, WIDTH / 2.0, HEIGHT - 8, "middle", "step");
    }

    private static void text(StringBuilder out, double x, double y, String anchor, String text) {
        out.append("<text x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>\n"
                .formatted(number(x), number(y), anchor, escaped(text)));
    }

    private double x(int step) {
        return LEFT + (double) step / lastStep * (WIDTH - LEFT - RIGHT);
    }

    private double y(double loss) {
        return HEIGHT - BOTTOM - loss / highest * (HEIGHT - TOP - BOTTOM);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
    }
}
