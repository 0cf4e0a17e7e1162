package io.orrery.registry.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** Listings in pages: the {@code Link} header leads to the same question from a position on, which only the lister understands. */
public final class NextPage {
    private NextPage() {}

    /** Value of the {@code Link} header; JavaScript clients parse exactly this form. */
    public static String link(HubCall call, String position) {
        String query =
                Optional.ofNullable(call.servletRequest().getQueryString()).orElse("");
        String others = Arrays.stream(query.split("&"))
                .filter(part -> !part.isEmpty() && !part.startsWith("cursor="))
                .reduce("", (all, part) -> all + part + "&");
        String cursor =
                Base64.getUrlEncoder().withoutPadding().encodeToString(position.getBytes(StandardCharsets.UTF_8));
        String address = call.servletRequest().getRequestURI() + "?" + others + "cursor=" + cursor;
        return "<" + call.baseUrl().path(address) + ">; rel=\"next\"";
    }

    /** The position that a request asks to start after; empty at the first page. */
    public static String position(HubCall call) {
        String cursor = call.query("cursor").orElse("");
        try {
            return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw HubProblem.badRequest("The cursor '" + cursor + "' is not one of this server's");
        }
    }
}
