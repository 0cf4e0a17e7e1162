package io.orrery.cli.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class InsightPageTest {
    private static final String EVIL = "<script>alert('x\"&')</script>";

    @TempDir
    Path home;

    /** A page of hostile tokens, prompt and model name. */
    private static InsightPage page(int tokens) {
        List<Piece> pieces = IntStream.range(0, tokens)
                .mapToObj(id -> new Piece(id, EVIL, id % 2 == 0 ? EVIL : " \n\u0000\uD800"))
                .toList();
        List<float[]> shares = IntStream.range(0, tokens)
                .mapToObj(row -> {
                    float[] even = new float[row + 1];
                    Arrays.fill(even, 1f / (row + 1));
                    return even;
                })
                .toList();
        Ranking ranking = new Ranking(List.of(
                new Ranking.Candidate(pieces.getFirst(), 2.5f, Math.log(0.75)),
                new Ranking.Candidate(pieces.getLast(), 1f, Math.log(0.25))));
        Insight insight = new Insight(
                EVIL, 100, pieces, ranking, Optional.of(new Attention(1, 2, 4, shares)), List.of(ranking, ranking));
        return new InsightPage(insight, EVIL);
    }

    private static Document parsed(String html) throws Exception {
        String xml = html.replaceFirst("<!DOCTYPE html>\n", "");
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    private static Stream<Element> elements(Document document, String tag) {
        NodeList found = document.getElementsByTagName(tag);
        return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i));
    }

    @Test
    void thePageIsWellFormedAndHoldsNothingThatRuns() throws Exception {
        String html = page(5).html();
        Document document = parsed(html);
        assertThat(elements(document, "script")).isEmpty();
        assertThat(elements(document, "h1").findFirst().orElseThrow().getTextContent())
                .isEqualTo("Inside " + EVIL);
        assertThat(elements(document, "blockquote").findFirst().orElseThrow().getTextContent())
                .isEqualTo(EVIL);
        assertThat(html).doesNotContain("http:", "https:", "src=", "href=", "url(", "@import", "<script", "onclick");
        assertThat(html).contains("default-src 'none'; style-src 'unsafe-inline'");
    }

    @Test
    void spacesAndEndsOfLinesAreSeen() throws Exception {
        assertThat(elements(parsed(page(2).html()), "span")
                        .filter(span -> span.getAttribute("class").equals("token"))
                        .map(Element::getTextContent))
                .anyMatch(text -> text.startsWith("1␣⏎\\u0000"));
    }

    @Test
    void everyShareIsInTheHeatMap() throws Exception {
        Document document = parsed(page(5).html());
        List<Element> cells = elements(document, "td")
                .filter(cell -> cell.hasAttribute("title"))
                .toList();
        assertThat(cells).hasSize(15);
        assertThat(cells.getLast().getTextContent()).isEqualTo("20.0 %");
        assertThat(cells.getLast().getAttribute("style")).isEqualTo("--share:20.0%");
        assertThat(cells.getLast().getAttribute("title"))
                .startsWith("4 <script>")
                .endsWith(": 20.0 %");
        assertThat(elements(document, "tr").filter(row -> row.hasAttribute("tabindex")))
                .hasSize(5);
        assertThat(elements(document, "summary").map(Element::getTextContent)).containsExactly("The same as a table");
    }

    @Test
    void everyLayerAndEveryCandidateHasARow() throws Exception {
        Document document = parsed(page(3).html());
        assertThat(elements(document, "table")
                        .filter(table -> table.getAttribute("class").equals("lens"))
                        .flatMap(table -> IntStream.range(
                                        0, table.getElementsByTagName("tr").getLength())
                                .boxed()))
                .hasSize(3);
        assertThat(elements(document, "small").map(Element::getTextContent))
                .containsExactly("75.0 %", "25.0 %", "75.0 %", "25.0 %");
    }

    @Test
    void headingsAndTablesAreMarkedForReadersOfScreens() throws Exception {
        Document document = parsed(page(3).html());
        assertThat(document.getDocumentElement().getAttribute("lang")).isEqualTo("en");
        assertThat(elements(document, "table"))
                .allMatch(table -> table.getElementsByTagName("caption").getLength() == 1);
        assertThat(elements(document, "th")).allMatch(heading -> heading.hasAttribute("scope"));
        assertThat(page(3).html()).contains("prefers-color-scheme: dark");
    }

    @Test
    void theFileIsReplacedWholeOrNotAtAll() throws IOException {
        Path file = Files.writeString(home.resolve("inside.html"), "old");
        page(3).write(file);
        assertThat(Files.readString(file)).startsWith("<!DOCTYPE html>").endsWith("</html>\n");
        try (Stream<Path> files = Files.list(home)) {
            assertThat(files).containsExactly(file);
        }
        assertThatThrownBy(() -> page(129).write(file)).hasMessageContaining("128 tokens at most, not of 129");
        assertThat(Files.readString(file)).startsWith("<!DOCTYPE html>");
    }
}
