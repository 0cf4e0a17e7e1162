package io.orrery.registry;

import io.orrery.api.identity.Scope;
import io.orrery.api.identity.ServiceToken;

/** A request and what it is answered with. */
record ErrorRow(
        String situation,
        String who,
        String method,
        String path,
        String body,
        int status,
        String code,
        String message) {
    static final String ALICE = Tokens.of("alice", "lab", Scope.MODELS_READ, Scope.MODELS_WRITE);
    static final String BOB = Tokens.of("bob", "elsewhere", Scope.MODELS_READ, Scope.MODELS_WRITE);
    static final String READER = Tokens.of("reader", "lab", Scope.MODELS_READ);
    static final String NOBODY = Tokens.of(ServiceToken.ANONYMOUS, null, Scope.MODELS_READ);
    static final String HEADER = "{\"key\":\"header\",\"value\":{\"summary\":\"s\"}}\n";

    @Override
    public String toString() {
        String shown = body.length() > 80 ? body.substring(0, 80) + "..." : body;
        return situation + ": " + method + " " + path + " " + shown + " -> " + status + " " + code;
    }

    /** @param route method, path and body, with REPO for the repository */
    static ErrorRow row(
            String situation, String who, String route, String repo, int status, String code, String message) {
        String[] parts = route.replace("REPO", repo).split(" ", 3);
        return new ErrorRow(
                situation, who, parts[0], parts[1], parts.length < 3 ? "" : parts[2], status, code, message);
    }

    static String file(String path) {
        return "{\"key\":\"file\",\"value\":{\"path\":\"" + path + "\",\"content\":\"new\"}}";
    }
}
