package io.orrery.registry.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpHeaders;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestBudgetTest {
    private static final Instant NOW = Instant.parse("2026-11-27T04:00:00Z");

    private final RequestBudget budget = new RequestBudget(Clock.fixed(NOW, ZoneOffset.UTC));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "429|Retry-After|17|17",
                "429|Retry-After|Fri, 27 Nov 2026 04:01:00 GMT|60",
                "429|Retry-After|Fri, 27 Nov 2026 03:00:00 GMT|0",
                "429|Retry-After|999999|3600",
                "429|Retry-After|soon|5",
                "429|RateLimit|\"api\";r=0;t=55|55",
                "429|X-None|-|5",
                "200|RateLimit|\"api\";r=0;t=55|55",
                "200|RateLimit|\"api\";r=1;t=55|0",
                "200|RateLimit|nonsense|0",
                "503|Retry-After|17|0",
            })
    void anAnswerSaysHowLongToWait(int status, String header, String value, long seconds) {
        budget.heed(status, headers(header, value));
        assertThat(budget.wait(NOW)).isEqualTo(Duration.ofSeconds(seconds));
        assertThat(budget.wait(NOW.plusSeconds(seconds))).isZero();
    }

    @Test
    void aShorterWaitDoesNotEndALongerOne() {
        budget.heed(429, headers("Retry-After", "60"));
        budget.heed(429, headers("Retry-After", "1"));
        assertThat(budget.wait(NOW)).isEqualTo(Duration.ofMinutes(1));
    }

    private static HttpHeaders headers(String name, String value) {
        return HttpHeaders.of(Map.of(name, List.of(value)), (key, text) -> true);
    }
}
