package io.orrery.gateway.proxy;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * The connection that a request came by. The Servlet API tells that a client is gone only when writing to it fails, which a prompt
 * being computed for a minute never does; so this looks below it, at Tomcat's processor. Confined to the request's thread.
 */
final class Client {
    private static final String ATTRIBUTE = Client.class.getName();

    private final org.apache.coyote.Request request;
    private final org.apache.coyote.Response response;

    private Client(Request request, Response response) {
        this.request = request.getCoyoteRequest();
        this.response = response.getCoyoteResponse();
    }

    static Client of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Client client) {
            return client;
        }
        throw new IllegalStateException("the request for " + request.getRequestURI() + " passed no Client.Catcher");
    }

    /**
     * Whether the client has closed its side. Right only once the request's body has been read.
     *
     * <p>A look reads what the socket has without waiting. Tomcat reports the end of the stream as one byte that is never there
     * (Http11InputBuffer.available, 11.0), so a second look says one again, while a pipelined request, once buffered, says nothing
     * or more than one.
     */
    boolean isGone() {
        boolean saysOneByte = look() == 1;
        return saysOneByte && look() == 1;
    }

    private int look() {
        request.action(ActionCode.AVAILABLE, Boolean.TRUE);
        return request.getAvailable();
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
            request.setAttribute(ATTRIBUTE, new Client(request, response));
            getNext().invoke(request, response);
        }
    }
}
