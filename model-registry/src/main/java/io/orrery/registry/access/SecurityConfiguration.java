package io.orrery.registry.access;

import io.orrery.api.hub.HubError;
import io.orrery.api.identity.Scope;
import io.orrery.api.identity.ServiceToken;
import io.orrery.registry.wire.HubErrorWriter;
import io.orrery.registry.wire.HubPath;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.RouteTable;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.jose.jws.MacAlgorithm;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.web.BearerTokenResolver;
import org.springframework.security.oauth2.server.resource.web.DefaultBearerTokenResolver;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandler;
import org.springframework.security.web.access.intercept.RequestAuthorizationContext;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.header.HeaderWriterFilter;

/** Every route of the {@link RouteTable} needs its scope, the actuator needs an administrator, health is open, the rest is denied. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(IdentityProperties.class)
class SecurityConfiguration {
    private static final BearerTokenResolver BEARER_TOKENS = new DefaultBearerTokenResolver();

    @Bean
    JwtDecoder jwtDecoder(IdentityProperties identity) {
        NimbusJwtDecoder decoder = NimbusJwtDecoder.withSecretKey(identity.key())
                .macAlgorithm(MacAlgorithm.HS256)
                .build();
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(
                new JwtTimestampValidator(),
                new JwtClaimValidator<List<String>>(
                        "aud", audience -> audience != null && audience.contains(ServiceToken.AUDIENCE))));
        return decoder;
    }

    @Bean
    SecurityFilterChain securityFilterChain(HttpSecurity http, RouteTable routes, HubErrorWriter errors)
            throws Exception {
        return http.csrf(csrf -> csrf.disable())
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .requestCache(cache -> cache.disable())
                .logout(logout -> logout.disable())
                .authorizeHttpRequests(requests -> requests.requestMatchers(
                                "/health", "/actuator/health", "/actuator/health/**")
                        .permitAll()
                        .requestMatchers("/actuator/**")
                        .hasAuthority(Scope.ADMIN.authority())
                        .requestMatchers(request -> route(routes, request).isPresent())
                        .access((caller, context) -> decide(routes, caller, context))
                        .anyRequest()
                        .denyAll())
                .oauth2ResourceServer(server -> server.jwt(jwt -> {})
                        .bearerTokenResolver(SecurityConfiguration::bearerToken)
                        .authenticationEntryPoint(unauthenticated(errors))
                        .accessDeniedHandler(denied(routes, errors)))
                .exceptionHandling(exceptions -> exceptions
                        .authenticationEntryPoint(unauthenticated(errors))
                        .accessDeniedHandler(denied(routes, errors)))
                .headers(headers -> headers.cacheControl(cache -> cache.disable()))
                .addFilterBefore(new AnswerHeadersFilter(), HeaderWriterFilter.class)
                .build();
    }

    /** Names of files hold percent signs, encoded slashes, semicolons and more; the routes take paths apart themselves. */
    @Bean
    HttpFirewall httpFirewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setAllowUrlEncodedSlash(true);
        firewall.setAllowUrlEncodedDoubleSlash(true);
        firewall.setAllowUrlEncodedPercent(true);
        firewall.setAllowUrlEncodedPeriod(true);
        firewall.setAllowSemicolon(true);
        firewall.setAllowBackSlash(true);
        firewall.setAllowUrlEncodedLineSeparator(true);
        firewall.setAllowUrlEncodedParagraphSeparator(true);
        return firewall;
    }

    @Bean
    RequestRejectedHandler requestRejectedHandler(HubErrorWriter errors) {
        return (request, response, rejection) -> errors.write(
                request, response, HubProblem.badRequest("The address was refused: " + rejection.getMessage()));
    }

    /** Who speaks Xet bears tokens of another kind, which its routes look at themselves. */
    private static @Nullable String bearerToken(HttpServletRequest request) {
        return request.getRequestURI().startsWith(request.getContextPath() + "/cas/")
                ? null
                : BEARER_TOKENS.resolve(request);
    }

    private static AuthorizationResult decide(
            RouteTable routes, Supplier<? extends Authentication> caller, RequestAuthorizationContext context) {
        Optional<Scope> scope =
                route(routes, context.getRequest()).orElseThrow().scope();
        return new AuthorizationDecision(scope.isEmpty() || holds(caller.get(), scope.get()));
    }

    private static boolean holds(Authentication caller, Scope scope) {
        return caller.getAuthorities().stream()
                .anyMatch(authority -> scope.authority().equals(authority.getAuthority()));
    }

    private static Optional<HubRoute> route(RouteTable routes, HttpServletRequest request) {
        try {
            return routes.find(request);
        } catch (HubProblem undecodable) {
            return Optional.empty();
        }
    }

    /** A bad token is told from a missing one, which clients take for a repository that they may not see. */
    private static AuthenticationEntryPoint unauthenticated(HubErrorWriter errors) {
        return (request, response, failure) -> {
            if (failure instanceof InvalidBearerTokenException || request.getHeader("Authorization") != null) {
                errors.write(request, response, HubProblem.of(401, "Invalid credentials in Authorization header"));
                return;
            }
            if (namesRepository(request)) {
                response.setHeader(HubError.CODE, HubError.REPO_NOT_FOUND);
            }
            errors.write(request, response, HubProblem.of(401, "Invalid username or password."));
        };
    }

    private static boolean namesRepository(HttpServletRequest request) {
        try {
            return !HubPath.parse(request.getRequestURI()).repo().isEmpty();
        } catch (HubProblem undecodable) {
            return false;
        }
    }

    private static AccessDeniedHandler denied(RouteTable routes, HubErrorWriter errors) {
        return (request, response, denial) -> errors.write(request, response, refusal(routes, request));
    }

    private static HubProblem refusal(RouteTable routes, HttpServletRequest request) {
        try {
            Optional<Scope> scope = routes.find(request).flatMap(HubRoute::scope);
            if (scope.isPresent() || request.getRequestURI().startsWith("/actuator/")) {
                return HubProblem.forbidden("Forbidden: this needs the scope "
                        + scope.orElse(Scope.ADMIN).value());
            }
            return HubProblem.of(404, "No such route: " + request.getMethod() + " " + request.getRequestURI());
        } catch (HubProblem undecodable) {
            return undecodable;
        }
    }
}
