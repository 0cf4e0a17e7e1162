package io.orrery.api.admin;

import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.service.annotation.DeleteExchange;
import org.springframework.web.service.annotation.GetExchange;
import org.springframework.web.service.annotation.HttpExchange;
import org.springframework.web.service.annotation.PostExchange;

/** Keys of the platform; every call needs a key with the scope {@code admin}. */
@HttpExchange("/v1/admin/keys")
public interface AdminKeysApi {
    /** Makes a key; the answer is the only one that shows it. */
    @PostExchange
    ApiKey create(@RequestBody NewKey request);

    /**
     * Lists keys without their secrets, revoked ones included, the newest first.
     *
     * @param limit 1 to 1000
     * @param after the id of the last key of the page before; empty for the first page
     */
    @GetExchange
    ApiKeyList list(
            @RequestParam(name = "limit", defaultValue = "100") int limit,
            @RequestParam(name = "after", defaultValue = "") String after);

    @GetExchange("/{id}")
    ApiKey get(@PathVariable("id") String id);

    /** Revokes a key at once and for good. */
    @DeleteExchange("/{id}")
    ApiKeyRevoked revoke(@PathVariable("id") String id);
}
