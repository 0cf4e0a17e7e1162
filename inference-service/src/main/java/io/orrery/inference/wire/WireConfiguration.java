package io.orrery.inference.wire;

import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WireProperties.class)
class WireConfiguration {
    /** Ids of models hold slashes, which clients send encoded or not. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> connections() {
        return server -> {
            server.addContextValves(new Client.Catcher());
            server.addConnectorCustomizers(
                    connector -> connector.setEncodedSolidusHandling(EncodedSolidusHandling.DECODE.getValue()));
        };
    }
}
