package io.orrery.finetune.access;

import io.orrery.api.identity.Scope;
import io.orrery.api.identity.ServiceToken;
import io.orrery.finetune.wire.ErrorWriter;
import io.orrery.finetune.wire.RequestProblem;
import jakarta.servlet.DispatcherType;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;

/** Reading needs {@code tune:read}, everything else {@code tune:write}; the actuator needs an administrator, health is open. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(IdentityProperties.class)
class SecurityConfiguration {
    private static final String[] ROUTES = {"/v1/files", "/v1/files/**", "/v1/fine_tuning/**"};

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
    SecurityFilterChain securityFilterChain(HttpSecurity http, ErrorWriter errors) throws Exception {
        AuthenticationEntryPoint unknown = (request, response, failure) -> errors.write(
                response,
                RequestProblem.of(
                        HttpStatus.UNAUTHORIZED,
                        "invalid_api_key",
                        "This service takes the gateway's tokens; send the request to the gateway with your key."));
        AccessDeniedHandler denied = (request, response, denial) -> errors.write(
                response,
                RequestProblem.of(
                        HttpStatus.FORBIDDEN,
                        "insufficient_scope",
                        "This key lacks the scope for " + request.getMethod() + " " + request.getRequestURI() + "."));
        return http.csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .authorizeHttpRequests(
                        requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC)
                                .permitAll()
                                .requestMatchers("/health", "/actuator/health", "/actuator/health/**")
                                .permitAll()
                                .requestMatchers("/actuator/**")
                                .hasAuthority(Scope.ADMIN.authority())
                                .requestMatchers(HttpMethod.GET, ROUTES)
                                .hasAuthority(Scope.TUNE_READ.authority())
                                .requestMatchers(ROUTES)
                                .hasAuthority(Scope.TUNE_WRITE.authority())
                                .anyRequest()
                                .denyAll())
                .oauth2ResourceServer(server ->
                        server.jwt(jwt -> {}).authenticationEntryPoint(unknown).accessDeniedHandler(denied))
                .exceptionHandling(
                        handling -> handling.authenticationEntryPoint(unknown).accessDeniedHandler(denied))
                .build();
    }
}
