package io.orrery.api.hub;

/**
 * Where contents are put: {@code PUT /lfs/objects/{sha256}?token=...}. Hub clients send no Authorization header there; the token in
 * the address, signed by the registry for one repository, content and caller, is the authority. A proxy lets these requests through.
 */
public interface SignedUpload {
    String PREFIX = "/lfs/objects/";
    String TOKEN = "token";
}
