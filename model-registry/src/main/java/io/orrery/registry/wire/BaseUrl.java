package io.orrery.registry.wire;

import io.orrery.api.hub.RepoType;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Collections;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.web.util.ForwardedHeaderUtils;

/**
 * This server's address as the caller wrote it: scheme, host, port and prefix from {@code Forwarded}, {@code X-Forwarded-*} or {@code Host}.
 * Clients refuse answers whose addresses are on another host.
 */
public record BaseUrl(String value) {
    static BaseUrl of(HttpServletRequest request) {
        HttpHeaders headers = new HttpHeaders();
        Collections.list(request.getHeaderNames())
                .forEach(name -> headers.addAll(name, Collections.list(request.getHeaders(name))));
        URI direct = URI.create(request.getScheme() + "://" + request.getServerName() + ":" + request.getServerPort());
        String prefix = Optional.ofNullable(headers.getFirst("X-Forwarded-Prefix"))
                .map(text -> text.replaceAll("/+$", ""))
                .orElse("");
        URI forwarded = ForwardedHeaderUtils.adaptFromForwardedHeaders(direct, headers)
                .replacePath(prefix.matches("(/[\\w.~-]+)*") ? prefix : "")
                .build()
                .toUri();
        return new BaseUrl(withoutDefaultPort(forwarded).toString());
    }

    private static URI withoutDefaultPort(URI uri) {
        boolean byDefault = uri.getPort() == (uri.getScheme().equals("https") ? 443 : 80);
        return byDefault ? URI.create(uri.getScheme() + "://" + uri.getHost() + uri.getRawPath()) : uri;
    }

    /** Where the repository is for people; clients parse the id out of it. */
    public String repository(RepoType type, String repo) {
        return value + "/" + type.filePrefix() + repo;
    }

    /** The address of a route; {@code path} starts with a slash and is encoded already. */
    public String path(String path) {
        return value + path;
    }
}
