package io.orrery.registry.wire;

import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Words to the person at the terminal, beside an answer: Python clients log the message once for each topic. */
public final class HubWarning {
    private static final int MOST = 1000;

    private HubWarning() {}

    /** Adds a warning to the answer of the request that this thread works on; without one it does nothing. */
    public static void say(String topic, String message) {
        if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes request) {
            HttpServletResponse response = request.getResponse();
            String whole = HeaderText.of(topic + "; " + message);
            String text = whole.length() <= MOST ? whole : whole.substring(0, MOST) + "...";
            if (response != null && !response.getHeaders(HubHeaders.WARNING).contains(text)) {
                response.addHeader(HubHeaders.WARNING, text);
            }
        }
    }
}
