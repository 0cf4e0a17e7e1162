package io.orrery.inference.wire;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.apache.coyote.ActionCode;

/**
 * Whoever waits for an answer. The Servlet API tells that a client is gone only when writing to it fails, which an answer in one
 * piece does at its end; so this looks at what Tomcat has to read. Confined to the request's thread.
 */
public final class Client {
    private static final String ATTRIBUTE = Client.class.getName();

    private final org.apache.coyote.Request connection;

    private Client(org.apache.coyote.Request connection) {
        this.connection = connection;
    }

    /** @throws IllegalStateException where no {@link Catcher} stands before the application */
    public static Client of(HttpServletRequest request) {
        if (request.getAttribute(ATTRIBUTE) instanceof Client client) {
            return client;
        }
        throw new IllegalStateException("the request for " + request.getRequestURI() + " passed no Client.Catcher");
    }

    /**
     * Whether the client has closed its side; asked only once the body is read. Tomcat looks without waiting, and says 1 where its
     * look met the end or a broken connection: Http11InputBuffer.available, Tomcat 11. A request sent ahead has more bytes.
     */
    public boolean isGone() {
        connection.action(ActionCode.AVAILABLE, true);
        return connection.getAvailable() == 1;
    }

    /** Notes each request's connection on it. */
    static final class Catcher extends ValveBase {
        Catcher() {
            super(true);
        }

        @Override
        public void invoke(Request request, Response response) throws IOException, ServletException {
            request.setAttribute(ATTRIBUTE, new Client(request.getCoyoteRequest()));
            getNext().invoke(request, response);
        }
    }
}
