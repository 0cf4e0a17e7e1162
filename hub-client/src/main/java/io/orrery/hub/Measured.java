package io.orrery.hub;

/**
 * A file that goes up.
 *
 * @param large whether its content goes outside the commit
 * @param hash sha256 of a large one, git's blob hash of another
 */
record Measured(Upload upload, long size, boolean large, String hash) {
    String path() {
        return upload.path();
    }
}
