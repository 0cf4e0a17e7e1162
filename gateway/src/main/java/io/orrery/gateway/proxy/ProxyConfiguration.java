package io.orrery.gateway.proxy;

import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.github.resilience4j.micrometer.tagged.TaggedRetryMetrics;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.orrery.gateway.wire.Refusals;
import java.net.http.HttpClient;
import java.util.Map;
import java.util.concurrent.Executors;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({
    ProxyProperties.class,
    UpstreamProperties.Addresses.class,
    UpstreamProperties.Identity.class
})
class ProxyConfiguration {
    private static final int SOCKET_BUFFER = 64 * 1024;

    /** Everything that no controller answers; which routes there are is decided before. */
    @Bean
    SimpleUrlHandlerMapping proxied(ProxyHandler handler) {
        return new SimpleUrlHandlerMapping(Map.of("/**", handler), Ordered.LOWEST_PRECEDENCE);
    }

    @Bean(destroyMethod = "shutdownNow")
    HttpClient upstreamHttp(ProxyProperties properties) {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(properties.connectTimeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .executor(Executors.newThreadPerTaskExecutor(
                        Thread.ofVirtual().name("upstream-", 0).factory()))
                .build();
    }

    @Bean
    CircuitBreakerRegistry breakers(ProxyProperties properties) {
        ProxyProperties.Breaker breaker = properties.breaker();
        return CircuitBreakerRegistry.of(CircuitBreakerConfig.custom()
                .slidingWindowType(SlidingWindowType.TIME_BASED)
                .slidingWindowSize((int) Math.max(1, breaker.window().toSeconds()))
                .minimumNumberOfCalls(breaker.failures())
                .failureRateThreshold(50)
                .waitDurationInOpenState(breaker.open())
                .permittedNumberOfCallsInHalfOpenState(breaker.trials())
                .build());
    }

    @Bean
    RetryRegistry retries(ProxyProperties properties) {
        return RetryRegistry.of(RetryConfig.custom()
                .maxAttempts(properties.attempts())
                .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(properties.retryPause(), 1.5, 0.2))
                .retryExceptions(Asker.AskAnotherException.class)
                .build());
    }

    @Bean
    Retry beforeFirstByte(RetryRegistry retries) {
        return retries.retry("before-first-byte");
    }

    @Bean
    MeterBinder breakerMeters(CircuitBreakerRegistry breakers) {
        return TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(breakers);
    }

    @Bean
    MeterBinder retryMeters(RetryRegistry retries) {
        return TaggedRetryMetrics.ofRetryRegistry(retries);
    }

    /** Encoded slashes reach the services as they came; a client that asks before a body is told to send it only when it is read. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> wire(Refusals refusals) {
        return server -> {
            server.setProtocol(SocketProtocol.class.getName());
            server.addContextValves(new Client.Catcher());
            server.addContextCustomizers(
                    context -> context.getParent().getPipeline().addValve(new WireErrorValve(refusals)));
            server.addConnectorCustomizers(connector -> {
                connector.setEncodedSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
                connector.setEncodedReverseSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
                if (connector.getProtocolHandler() instanceof AbstractHttp11Protocol<?> http) {
                    http.setContinueResponseTiming("onRead");
                    // the default of 8 KiB makes a system call for each of them
                    http.setProperty("socket.appWriteBufSize", Integer.toString(SOCKET_BUFFER));
                    http.setProperty("socket.appReadBufSize", Integer.toString(SOCKET_BUFFER));
                    http.setProperty("socket.directBuffer", "true");
                }
            });
        };
    }
}
