package io.orrery.gateway.access;

import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Clients of container registries log in with a name and a password, which is a key here, and exchange them for a token before they ask:
 * the key again, or for those who have none a word that stands for nobody (distribution specification, "Token Authentication").
 */
@RestController
class ImageTokenController {
    static final String NOBODY = "anonymous";
    private static final String BASIC = "Basic ";
    private static final int SECONDS = 300;

    @GetMapping("/v2/token")
    Map<String, Object> token(HttpServletRequest request) {
        String token = Callers.key(request).isPresent() ? password(request).orElse(NOBODY) : NOBODY;
        return Map.of("token", token, "access_token", token, "expires_in", SECONDS);
    }

    /** Docker takes its way of asking from the answer to this, so whoever comes without anything is told it. */
    @GetMapping({"/v2", "/v2/"})
    ResponseEntity<Map<String, String>> ping(HttpServletRequest request) {
        ResponseEntity.BodyBuilder answer = request.getHeader(HttpHeaders.AUTHORIZATION) == null
                ? ResponseEntity.status(401).header(HttpHeaders.WWW_AUTHENTICATE, challenge(request))
                : ResponseEntity.ok();
        return answer.header("Docker-Distribution-Api-Version", "registry/2.0").body(Map.of());
    }

    static String challenge(HttpServletRequest request) {
        String root = request.getRequestURL().toString();
        return "Bearer realm=\"" + root.substring(0, root.indexOf("/v2")) + "/v2/token\",service=\"orrery\"";
    }

    /** What stands after the name in {@code Authorization: Basic}. */
    static Optional<String> password(HttpServletRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return Optional.empty();
        }
        try {
            byte[] decoded =
                    Base64.getDecoder().decode(header.substring(BASIC.length()).strip());
            String pair = new String(decoded, StandardCharsets.UTF_8);
            return Optional.of(pair.substring(pair.indexOf(':') + 1)).filter(text -> !text.isEmpty());
        } catch (IllegalArgumentException e) {
            return Optional.of("?");
        }
    }
}
