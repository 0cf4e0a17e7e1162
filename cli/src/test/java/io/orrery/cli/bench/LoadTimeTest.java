package io.orrery.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.cli.CommandRun;
import io.orrery.cli.model.TinyModel;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LoadTimeTest {
    @TempDir
    Path home;

    @Test
    void theStepsOfALoadAddUpToItsTime() throws IOException {
        String model = TinyModel.write(home.resolve("tiny")).toString();
        CommandRun run = CommandRun.of(home, "bench", model, "--load", "--json");
        assertThat(run.exit()).as(run.err()).isZero();
        JsonNode json = JsonMapper.shared().readTree(run.out());
        JsonNode seconds = json.path("seconds");
        assertThat(seconds.propertyNames()).containsExactly("open", "tokenizer", "device", "weights", "first_token");
        double sum = seconds.values().stream().mapToDouble(JsonNode::asDouble).sum();
        assertThat(json.path("total_s").asDouble()).isPositive().isEqualTo(sum);
        assertThat(json.path("weight_bytes").asLong()).isPositive();
        assertThat(json.path("cache_bytes").asLong()).isPositive();
    }
}
