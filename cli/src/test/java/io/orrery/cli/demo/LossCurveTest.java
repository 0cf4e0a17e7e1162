package io.orrery.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class LossCurveTest {
    @Test
    void theLineFallsWithTheLoss() throws Exception {
        String line = line(List.of(new LossCurve.Point(0, 4), new LossCurve.Point(100, 1)));
        String[] ends = line.strip().split(" ");
        assertThat(ends).containsExactly("56.0,32.0", "624.0,215.0");
    }

    @Test
    void manyPointsAreAveraged() throws Exception {
        List<LossCurve.Point> many = IntStream.range(0, 8_000)
                .mapToObj(step -> new LossCurve.Point(step, step % 2))
                .toList();
        String[] points = line(many).strip().split(" ");
        assertThat(points).hasSize(400);
        assertThat(points).allMatch(point -> point.endsWith(",32.0"), "every mean is the highest mean, a half");
    }

    @Test
    void nothingCannotBeDrawn() {
        assertThatIllegalArgumentException().isThrownBy(() -> new LossCurve("x", List.of()));
    }

    private static String line(List<LossCurve.Point> points) throws Exception {
        String svg = new LossCurve("loss of <a & b>", points).svg();
        Document document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        return ((Element) document.getElementsByTagName("polyline").item(0)).getAttribute("points");
    }
}
