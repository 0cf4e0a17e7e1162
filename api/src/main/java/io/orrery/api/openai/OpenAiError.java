package io.orrery.api.openai;

import org.jspecify.annotations.Nullable;

/** OpenAI's error object; all four keys are always there. */
public record OpenAiError(Detail error) {
    /**
     * @param message for people: what was found and what to do
     * @param type {@code invalid_request_error} or {@code server_error}
     * @param param the request's field at fault
     * @param code for programs, such as {@code model_not_found}
     */
    public record Detail(
            String message, String type, @Nullable String param, String code) {}

    /** @param status HTTP status that the object goes out under */
    public static OpenAiError of(int status, String code, String message, @Nullable String param) {
        return new OpenAiError(
                new Detail(message, status >= 500 ? "server_error" : "invalid_request_error", param, code));
    }
}
