package io.orrery.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private final StringWriter written = new StringWriter();

    @Test
    void aPipeGetsWholeLinesFirstAndLast() {
        run(false);
        assertThat(written.toString().lines())
                .hasSize(2)
                .satisfiesExactly(
                        first -> assertThat(first).isEqualTo("pull   0%  0 B of 2.0 kB  a"),
                        last -> assertThat(last).isEqualTo("pull 100%  2.0 kB of 2.0 kB  b"));
    }

    @Test
    void aTerminalGetsABarThatIsDrawnOverAndThenLeft() {
        run(true);
        assertThat(written.toString()).startsWith("\rpull [....").endsWith(System.lineSeparator());
        assertThat(List.of(written.toString().split("\r")))
                .last()
                .asString()
                .contains("[########################] 100%");
    }

    private void run(boolean interactive) {
        try (ProgressBar bar =
                new Terminal(new PrintWriter(written), new PrintWriter(written), interactive).bytes("pull")) {
            bar.report("a", 0, 2000);
            bar.report("a", 1000, 2000);
            bar.report("b", 2000, 2000);
        }
    }

    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        Table table = new Table("A", "B");
        table.row("long", "x");
        assertThat(table.lines()).isEqualTo(List.of("A     B", "long  x"));
    }
}
