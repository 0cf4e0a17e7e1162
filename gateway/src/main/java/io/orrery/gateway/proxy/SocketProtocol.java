package io.orrery.gateway.proxy;

import java.io.IOException;
import org.apache.coyote.Adapter;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SocketWrapperBase;

/** Tomcat's HTTP/1.1 connector, which also leaves a note on each request of the socket it came by. Public for Tomcat, which makes it by name. */
public final class SocketProtocol extends Http11NioProtocol {
    /** Where the note is; Tomcat itself uses the first few places (org.apache.coyote.Constants.MAX_NOTES is 32). */
    static final int NOTE = 31;

    @Override
    protected Processor createProcessor() {
        return new SocketProcessor(this, getAdapter());
    }

    /** Serves one connection at a time; the note stays for all its requests. */
    private static final class SocketProcessor extends Http11Processor {
        SocketProcessor(AbstractHttp11Protocol<?> protocol, Adapter adapter) {
            super(protocol, adapter);
        }

        @Override
        public SocketState service(SocketWrapperBase<?> socket) throws IOException {
            request.setNote(NOTE, socket);
            try {
                return super.service(socket);
            } finally {
                request.setNote(NOTE, null);
            }
        }
    }
}
