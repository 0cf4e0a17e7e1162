package io.orrery.hub;

import io.orrery.api.hub.RepoType;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Addresses on a hub; every segment is percent-encoded once, a revision as one segment. */
record HubAddresses(URI endpoint) {
    private static final String HUGGING_FACE = "https://huggingface.co/";
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    URI api(String path) {
        String base = endpoint.toString();
        return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
    }

    URI repository(RepoType type, String repo, String action) {
        return api("/api/" + type.plural() + "/" + segments(repo) + action);
    }

    URI atRevision(RepoType type, String repo, String action, String revision) {
        return repository(type, repo, "/" + action + "/" + encode(revision));
    }

    URI resolve(RepoType type, String repo, String revision, String path) {
        return api("/" + type.filePrefix() + segments(repo) + "/resolve/" + encode(revision) + "/" + segments(path));
    }

    Function<RemoteFile, URI> contents(DownloadRequest request, String commit) {
        return file -> resolve(request.type(), request.repo(), commit, file.path());
    }

    URI lfsBatch(RepoType type, String repo) {
        return api("/" + type.filePrefix() + segments(repo) + ".git/info/lfs/objects/batch");
    }

    /** An address that a hub gave; those of huggingface.co are this hub's, as other clients have it too: mirrors pass them on. */
    URI ofThisHub(String address) {
        return address.startsWith(HUGGING_FACE)
                ? api("/" + address.substring(HUGGING_FACE.length()))
                : URI.create(address);
    }

    static String segments(String path) {
        return Stream.of(path.split("/", -1)).map(HubAddresses::encode).collect(Collectors.joining("/"));
    }

    static String encode(String segment) {
        StringBuilder out = new StringBuilder();
        for (byte b : segment.getBytes(StandardCharsets.UTF_8)) {
            if (UNRESERVED.indexOf(b) >= 0) {
                out.append((char) b);
            } else {
                out.append('%').append(String.format("%02X", b & 0xff));
            }
        }
        return out.toString();
    }
}
