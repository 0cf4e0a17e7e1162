package io.orrery.gateway.access;

import io.orrery.gateway.key.Keys;
import io.orrery.gateway.wire.Refusal;
import io.orrery.gateway.wire.Refusals;
import jakarta.servlet.DispatcherType;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;

/** Keys instead of users, the table of routes instead of patterns, and no header of its own on other services' answers. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AnonymousProperties.class)
class AccessConfiguration {
    @Bean
    SecurityFilterChain access(HttpSecurity http, Keys keys, Refusals refusals, AnonymousProperties anonymous)
            throws Exception {
        return http.csrf(AbstractHttpConfigurer::disable)
                .headers(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .sessionManagement(sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
                .addFilterBefore(new KeyFilter(keys, refusals), AnonymousAuthenticationFilter.class)
                .authorizeHttpRequests(
                        requests -> requests.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.ASYNC)
                                .permitAll()
                                .anyRequest()
                                .access(new RouteAuthorization(anonymous)))
                .exceptionHandling(handling -> handling.authenticationEntryPoint((request, response, missing) ->
                                refusals.write(RouteAuthorization.missingKey(request), request, response))
                        .accessDeniedHandler((request, response, denied) ->
                                refusals.write(RouteAuthorization.denied(request), request, response)))
                .build();
    }

    /** Names of files hold slashes, percent signs and semicolons, all of which valid Hub requests carry encoded. */
    @Bean
    HttpFirewall firewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setAllowUrlEncodedSlash(true);
        firewall.setAllowUrlEncodedDoubleSlash(true);
        firewall.setAllowUrlEncodedPercent(true);
        firewall.setAllowSemicolon(true);
        firewall.setAllowBackSlash(true);
        return firewall;
    }

    @Bean
    RequestRejectedHandler rejections(Refusals refusals) {
        return (request, response, rejected) -> refusals.write(
                Refusal.of(
                        HttpStatus.BAD_REQUEST,
                        "invalid_url",
                        "This address is not accepted: " + rejected.getMessage()),
                request,
                response);
    }
}
