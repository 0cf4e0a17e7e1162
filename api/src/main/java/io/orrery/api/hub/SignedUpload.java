package io.orrery.api.hub;

/**
 * Where contents are put: {@code PUT /lfs/objects/{sha256}?token=...}, in parts with {@code &part=1} and so on and a {@code POST} at the
 * end, and where git-lfs fetches them. Clients send no Authorization header there; the token in the address, signed by the registry for one
 * content and caller, is the authority. A proxy lets these requests through.
 */
public interface SignedUpload {
    String PREFIX = "/lfs/objects/";
    String TOKEN = "token";
    String PART = "part";
}
