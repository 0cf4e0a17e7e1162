package io.orrery.gateway.wire;

/** Whose protocol a path speaks, and so which body its errors have. */
public enum Wire {
    OPENAI,
    HUB,
    /** Container registries': OCI distribution specification. */
    IMAGES,
    /** Routes of our own: RFC 9457. */
    OURS;

    /** @param path the undecoded path of a request, which may be no route at all */
    public static Wire of(String path) {
        if (within(path, "/v1/admin") || within(path, "/actuator") || within(path, "/health")) {
            return OURS;
        }
        return within(path, "/v1") ? OPENAI : within(path, "/v2") ? IMAGES : HUB;
    }

    private static boolean within(String path, String root) {
        return path.equals(root) || path.startsWith(root + "/");
    }
}
