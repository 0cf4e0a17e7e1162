package io.orrery.registry.wire;

import org.apache.tomcat.util.buf.EncodedSolidusHandling;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.stereotype.Component;

/**
 * Tomcat refuses encoded slashes unless told to leave them alone; they stand in revisions and in the names of files. What it still refuses
 * is told as the Hub tells it.
 */
@Component
class TomcatPaths implements WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> {
    private static final int SOCKET_BUFFER = 64 * 1024;

    private final HubErrorWriter errors;

    TomcatPaths(HubErrorWriter errors) {
        this.errors = errors;
    }

    @Override
    public void customize(ConfigurableTomcatWebServerFactory factory) {
        factory.addContextCustomizers(
                context -> context.getParent().getPipeline().addValve(new HubErrorValve(errors)));
        factory.addConnectorCustomizers(connector -> {
            connector.setEncodedSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
            connector.setEncodedReverseSolidusHandling(EncodedSolidusHandling.PASS_THROUGH.getValue());
            // uploads come in larger pieces than the default's 8 KiB
            connector.setProperty("socket.appReadBufSize", Integer.toString(SOCKET_BUFFER));
            connector.setProperty("socket.directBuffer", "true");
        });
    }
}
