package io.orrery.inference.access;

import io.orrery.api.identity.Scope;
import io.orrery.api.identity.ServiceToken;
import io.orrery.inference.mode.PlatformWorker;
import io.orrery.inference.wire.OpenAiErrors;
import io.orrery.inference.wire.OpenAiProblem;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;

/** Asking needs the scope {@code inference}, the actuator an administrator; health is open, the rest is denied. */
@Configuration(proxyBeanMethods = false)
@Conditional(PlatformWorker.class)
@EnableConfigurationProperties(IdentityProperties.class)
class PlatformSecurity {
    @Bean
    JwtDecoder jwtDecoder(IdentityProperties identity) {
        NimbusJwtDecoder decoder = NimbusJwtDecoder.withSecretKey(new SecretKeySpec(identity.bytes(), "HmacSHA256"))
                .macAlgorithm(MacAlgorithm.HS256)
                .build();
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                new JwtTimestampValidator(),
                new JwtClaimValidator<List<String>>(
                        "aud", audience -> audience != null && audience.contains(ServiceToken.AUDIENCE))));
        return decoder;
    }

    @Bean
    SecurityFilterChain securityFilterChain(HttpSecurity http, OpenAiErrors errors) throws Exception {
        AuthenticationEntryPoint unknown = unknown(errors);
        AccessDeniedHandler denied = denied(errors);
        return Stateless.of(http)
                .authorizeHttpRequests(requests -> requests.requestMatchers(Stateless.HEALTH)
                        .permitAll()
                        .requestMatchers("/actuator/**")
                        .hasAuthority(Scope.ADMIN.authority())
                        .requestMatchers("/v1/**")
                        .hasAuthority(Scope.INFERENCE.authority())
                        .anyRequest()
                        .denyAll())
                .oauth2ResourceServer(server ->
                        server.jwt(jwt -> {}).authenticationEntryPoint(unknown).accessDeniedHandler(denied))
                .exceptionHandling(
                        handling -> handling.authenticationEntryPoint(unknown).accessDeniedHandler(denied))
                .build();
    }

    private static AuthenticationEntryPoint unknown(OpenAiErrors errors) {
        return (request, response, failure) -> errors.write(
                OpenAiProblem.of(
                        HttpStatus.UNAUTHORIZED,
                        "invalid_api_key",
                        "This service takes the gateway's tokens; send the request to the gateway with your key."),
                response);
    }

    private static AccessDeniedHandler denied(OpenAiErrors errors) {
        return (request, response, denial) -> {
            String path = request.getRequestURI();
            boolean route = path.startsWith("/v1/") || path.startsWith("/actuator/");
            errors.write(
                    route
                            ? OpenAiProblem.of(
                                    HttpStatus.FORBIDDEN,
                                    "insufficient_scope",
                                    "This key lacks the scope for " + request.getMethod() + " " + path + ".")
                            : OpenAiProblem.of(
                                    HttpStatus.NOT_FOUND,
                                    "not_found",
                                    "No such route: " + request.getMethod() + " " + path),
                    response);
        };
    }
}
