package io.orrery.registry.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.RepoType;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

class BaseUrlTest {
    private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/api/models");

    BaseUrlTest() {
        request.setServerName("127.0.0.1");
        request.setServerPort(8081);
    }

    @Test
    void withoutAProxyItIsWhatTheCallerWrote() {
        assertThat(BaseUrl.of(request).repository(RepoType.DATASET, "lab/x"))
                .isEqualTo("http://127.0.0.1:8081/datasets/lab/x");
    }

    @Test
    void aProxySaysWhatTheCallerWrote() {
        request.addHeader("X-Forwarded-Proto", "https");
        request.addHeader("X-Forwarded-Host", "hub.example");
        request.addHeader("X-Forwarded-Port", "443");
        request.addHeader("X-Forwarded-Prefix", "/hf/");
        assertThat(BaseUrl.of(request).value()).isEqualTo("https://hub.example/hf");
    }

    @Test
    void theStandardHeaderCountsToo() {
        request.addHeader("Forwarded", "proto=http;host=\"hub.example:8080\"");
        assertThat(BaseUrl.of(request).value()).isEqualTo("http://hub.example:8080");
    }

    @Test
    void aPrefixThatIsNoPathIsIgnored() {
        request.addHeader("X-Forwarded-Prefix", "//evil.example");
        assertThat(BaseUrl.of(request).value()).isEqualTo("http://127.0.0.1:8081");
    }
}
