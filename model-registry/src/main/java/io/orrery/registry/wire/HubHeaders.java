package io.orrery.registry.wire;

/** Names of headers that the Hub's clients read. */
public interface HubHeaders {
    String REPO_COMMIT = "X-Repo-Commit";
    String LINKED_SIZE = "X-Linked-Size";
    String LINKED_ETAG = "X-Linked-ETag";
    String REQUEST_ID = "X-Request-Id";
    String TRACE_ID = "X-Amzn-Trace-Id";
    String WARNING = "X-HF-Warning";
    String TOTAL_COUNT = "X-Total-Count";
}
