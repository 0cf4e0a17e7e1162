package io.orrery.registry.wire;

import io.orrery.api.hub.HubError;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;

/** The body of a refusal on {@code /v2}, as clients of container registries read it (OCI distribution specification 1.1, "Error Codes"). */
record ImageErrors(List<Entry> errors) {
    private static final String ROOT = "/v2/";

    record Entry(String code, String message) {}

    ImageErrors {
        errors = List.copyOf(errors);
    }

    static boolean areMeant(HttpServletRequest request) {
        return (RouteTable.rawPath(request) + "/").startsWith(ROOT);
    }

    static ImageErrors of(HttpServletRequest request, HubProblem problem) {
        return new ImageErrors(List.of(new Entry(code(request, problem), problem.sentence())));
    }

    /** Where a token is had, and what for: clients ask there with what their user has logged in with. */
    static String challenge(HttpServletRequest request) {
        HubPath path = HubPath.parse(RouteTable.rawPath(request));
        String scope = path.repo().isEmpty()
                ? ""
                : ",scope=\"repository:" + path.type().filePrefix() + path.repo() + ":pull\"";
        return "Bearer realm=\"" + BaseUrl.of(request).path("/v2/token") + "\",service=\"orrery\"" + scope;
    }

    private static String code(HttpServletRequest request, HubProblem problem) {
        return switch (problem.status()) {
            case 401 -> "UNAUTHORIZED";
            case 403 -> "DENIED";
            case 404 ->
                problem.code().equals(HubError.REPO_NOT_FOUND)
                        ? "NAME_UNKNOWN"
                        : RouteTable.rawPath(request).contains("/blobs/") ? "BLOB_UNKNOWN" : "MANIFEST_UNKNOWN";
            case 429 -> "TOOMANYREQUESTS";
            default -> "UNSUPPORTED";
        };
    }
}
