package io.orrery.gateway.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.gateway.wire.RefusedException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

class RequestedModelTest {
    private final RequestedModel requested = new RequestedModel(JsonMapper.shared());

    @Test
    void findsItBehindNestedFieldsOfTheSameName() {
        assertThat(in("{\"messages\":[{\"model\":\"no\"}],\"x\":{\"model\":\"no\"},\"model\":\"lab/a:lab/b@v1\"}"))
                .isEqualTo("lab/a:lab/b@v1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"messages\":[]}|The body has no \"model\"",
                "{\"model\":7}|\"model\" must be a text",
                "{\"model\":\" \"}|\"model\" must be a text",
                "{\"model\":null}|\"model\" must be a text",
                "[1]|The body is no JSON object",
                "''|The body is empty",
            })
    void whatNamesNoModelIsRefused(String body, String message) {
        assertThatThrownBy(() -> in(body)).isInstanceOf(RefusedException.class).hasMessageContaining(message);
    }

    @Test
    void brokenJsonIsRefusedWithThePlace() {
        assertThatThrownBy(() -> in("{\"messages\":[],\n \"temperature\": oops,\n \"model\":\"a\"}"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("The body is not JSON at line 2");
    }

    private String in(String body) {
        return requested.in(body.getBytes(StandardCharsets.UTF_8));
    }
}
