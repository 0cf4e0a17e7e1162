package io.orrery.gateway.wire;

import org.jspecify.annotations.Nullable;

/** OpenAI's error object; all four keys are always there. */
record OpenAiError(Detail error) {
    record Detail(String message, String type, @Nullable String param, String code) {}

    static OpenAiError of(Refusal refusal) {
        String type = refusal.status().is5xxServerError() ? "server_error" : "invalid_request_error";
        return new OpenAiError(
                new Detail(refusal.message(), type, refusal.param().orElse(null), refusal.code()));
    }
}
