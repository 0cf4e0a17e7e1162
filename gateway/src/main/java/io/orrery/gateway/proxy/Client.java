package io.orrery.gateway.proxy;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * The connection that a request came by. The Servlet API tells that a client is gone only when writing to it fails, which may be
 * minutes after it left while a prompt is computed; so this looks at Tomcat's socket. Confined to the request's thread.
 */
final class Client {
    private static final String ATTRIBUTE = Client.class.getName();
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final SocketWrapperBase<?> socket;
    private final org.apache.coyote.Response response;

    private Client(SocketWrapperBase<?> socket, org.apache.coyote.Response response) {
        this.socket = socket;
        this.response = response;
    }

    static Client of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Client client) {
            return client;
        }
        throw new IllegalStateException("the request for " + request.getRequestURI() + " passed no Client.Catcher");
    }

    /**
     * Whether the client has closed its side. Reads without waiting and into nothing: what has come, such as a pipelined request,
     * stays in the socket's buffer for whoever reads next.
     */
    boolean isGone() {
        try {
            socket.read(false, NOTHING);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Cuts the connection, so that an answer that broke off cannot pass for a whole one. */
    void cut() {
        response.action(ActionCode.CLOSE_NOW, null);
    }

    /** Notes each request's connection on it. */
    static final class Catcher extends ValveBase {
        Catcher() {
            super(true);
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            if (request.getCoyoteRequest().getNote(SocketProtocol.NOTE) instanceof SocketWrapperBase<?> socket) {
                request.setAttribute(ATTRIBUTE, new Client(socket, response.getCoyoteResponse()));
            }
            getNext().invoke(request, response);
        }
    }
}
