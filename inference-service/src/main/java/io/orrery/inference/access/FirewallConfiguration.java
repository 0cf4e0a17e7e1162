package io.orrery.inference.access;

import io.orrery.inference.wire.OpenAiErrors;
import io.orrery.inference.wire.OpenAiProblem;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.RequestRejectedHandler;
import org.springframework.security.web.firewall.StrictHttpFirewall;

@Configuration(proxyBeanMethods = false)
class FirewallConfiguration {
    /** Ids of models hold slashes, which OpenAI's clients encode. */
    @Bean
    HttpFirewall httpFirewall() {
        StrictHttpFirewall firewall = new StrictHttpFirewall();
        firewall.setAllowUrlEncodedSlash(true);
        return firewall;
    }

    @Bean
    RequestRejectedHandler requestRejectedHandler(OpenAiErrors errors) {
        return (_, response, rejection) -> errors.write(
                OpenAiProblem.of(
                        HttpStatus.BAD_REQUEST,
                        "invalid_request",
                        "The address was refused: " + rejection.getMessage()),
                response);
    }
}
