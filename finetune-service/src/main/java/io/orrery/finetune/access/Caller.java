package io.orrery.finetune.access;

import io.orrery.api.identity.ServiceToken;
import io.orrery.finetune.wire.RequestProblem;
import java.util.Optional;
import org.springframework.http.HttpStatus;
import org.springframework.security.oauth2.jwt.Jwt;

/**
 * Who asks, as the token says.
 *
 * @param name a person's key or a service
 * @param project what the call is counted for; files and jobs belong to it
 */
public record Caller(String name, String project) {
    public static Caller of(Jwt token) {
        return new Caller(
                Optional.ofNullable(token.getSubject()).orElse("unknown"),
                Optional.ofNullable(token.getClaimAsString(ServiceToken.PROJECT))
                        .filter(project -> !project.isEmpty())
                        .orElseThrow(() -> RequestProblem.of(
                                HttpStatus.FORBIDDEN,
                                "no_project",
                                "The token names no project, and files and jobs belong to one.")));
    }
}
