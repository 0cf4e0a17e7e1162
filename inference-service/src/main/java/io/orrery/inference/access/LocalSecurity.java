package io.orrery.inference.access;

import io.orrery.inference.mode.LocalModel;
import io.orrery.inference.wire.OpenAiErrors;
import io.orrery.inference.wire.OpenAiProblem;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;

/** Health is open; all else needs the key, where there is one. */
@Configuration(proxyBeanMethods = false)
@Conditional(LocalModel.class)
@EnableConfigurationProperties(LocalKeyProperties.class)
class LocalSecurity {
    @Bean
    SecurityFilterChain securityFilterChain(HttpSecurity http, LocalKeyProperties properties, OpenAiErrors errors)
            throws Exception {
        Optional<byte[]> key = Optional.ofNullable(properties.apiKey())
                .filter(text -> !text.isBlank())
                .map(text -> text.getBytes(StandardCharsets.UTF_8));
        OpenAiProblem wrongKey = OpenAiProblem.of(
                HttpStatus.UNAUTHORIZED,
                "invalid_api_key",
                "The key is missing or wrong; send the one that the server was started with as bearer token.");
        return Stateless.of(http)
                .authorizeHttpRequests(requests -> requests.requestMatchers(Stateless.HEALTH)
                        .permitAll()
                        .anyRequest()
                        .access((_, context) ->
                                new AuthorizationDecision(key.isEmpty() || isSent(key.get(), context.getRequest()))))
                .exceptionHandling(handling -> handling.authenticationEntryPoint(
                                (_, response, _) -> errors.write(wrongKey, response))
                        .accessDeniedHandler((_, response, _) -> errors.write(wrongKey, response)))
                .build();
    }

    private static boolean isSent(byte[] key, HttpServletRequest request) {
        String header = Optional.ofNullable(request.getHeader("Authorization")).orElse("");
        String bearer = "Bearer ";
        return header.regionMatches(true, 0, bearer, 0, bearer.length())
                && MessageDigest.isEqual(
                        key, header.substring(bearer.length()).strip().getBytes(StandardCharsets.UTF_8));
    }
}
