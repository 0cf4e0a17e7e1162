package io.orrery.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReportCardTest {
    @Test
    void marksAtTheirBarsAreNoMiss() {
        ReportCard card = new ReportCard(new ReportCard.Marks(90, 90, 20), new ReportCard.Marks(80, 80, 90));
        assertThat(card.misses()).isEmpty();
        assertThat(card.lines())
                .containsExactly("       sums  dates  animals", "base   90 %  90 %   20 %", "tuned  80 %  80 %   90 %");
    }

    @Test
    void everyMarkOnTheWrongSideOfItsBarIsNamed() {
        ReportCard card = new ReportCard(new ReportCard.Marks(89, 89, 21), new ReportCard.Marks(79, 79, 89));
        assertThat(card.misses())
                .extracting(miss -> miss.substring(0, miss.indexOf(':')))
                .containsExactly(
                        "base, sums", "base, dates", "base, animals", "tuned, sums", "tuned, dates", "tuned, animals");
    }
}
