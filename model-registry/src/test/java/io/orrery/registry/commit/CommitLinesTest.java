package io.orrery.registry.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.api.hub.CommitLine;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class CommitLinesTest {
    @Test
    void linesComeOneByOneWithOrWithoutALastNewline() throws Exception {
        String body = "{\"key\":\"header\",\"value\":{\"summary\":\"s\",\"unknown\":1}}\n\n \r\n"
                + "{\"key\":\"deletedFile\",\"value\":{\"path\":\"a\"}}";
        List<String> keys = new ArrayList<>();
        CommitLines lines = lines(body, 1000);
        for (Optional<CommitLine> line = lines.next(); line.isPresent(); line = lines.next()) {
            keys.add(line.get().key());
        }
        assertThat(keys).containsExactly("header", "deletedFile");
        assertThat(lines.number()).isEqualTo(4);
    }

    @Test
    void aLineThatBreaksIsNamed() throws Exception {
        CommitLines lines = lines("{\"key\":\"header\",\"value\":{}}\n{\"key\":\"file\",\"value\":{\"pa", 1000);
        lines.next();
        assertThatThrownBy(lines::next).hasMessageStartingWith("Line 2 of the commit is refused: it is not the JSON");
    }

    @Test
    void whatIsNoObjectWithKeyAndValueIsRefused() {
        for (String line : List.of("{}", "{\"key\":\"file\"}", "null", "{\"value\":{}}")) {
            assertThatThrownBy(() -> lines(line, 1000).next()).as(line).hasMessageStartingWith("Line 1");
        }
    }

    @Test
    void aBodyAboveTheLimitIsRefused() {
        assertThatThrownBy(() -> lines("x".repeat(200), 100).next()).hasMessageContaining("upload large files by LFS");
    }

    private static CommitLines lines(String body, long limit) {
        return new CommitLines(
                new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)), JsonMapper.shared(), limit);
    }
}
