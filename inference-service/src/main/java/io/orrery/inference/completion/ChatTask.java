package io.orrery.inference.completion;

import io.orrery.api.openai.ChatCompletionRequest;
import io.orrery.api.openai.ChatMessage;
import io.orrery.engine.generate.ChatPrompt;
import io.orrery.engine.template.TemplateException;
import io.orrery.inference.model.Lease;
import io.orrery.inference.wire.OpenAiProblem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** A chat completion that was asked for. Immutable. */
record ChatTask(
        Ask ask,
        List<Map<String, Object>> messages,
        Map<String, Object> templateVariables,
        Optional<Integer> most,
        int logprobs)
        implements Task {
    private static final Set<String> ROLES = Set.of("system", "developer", "user", "assistant", "tool");
    private static final Set<String> OWN_VARIABLES = Set.of("messages", "add_generation_prompt");
    private static final int MOST_LOGPROBS = 20;

    /** @throws OpenAiProblem that names the field at fault */
    static ChatTask of(ChatCompletionRequest request) {
        refuseWhatIsNotBuilt(request);
        Integer most = request.maxCompletionTokens() != null ? request.maxCompletionTokens() : request.maxTokens();
        String name = request.maxCompletionTokens() != null ? "max_completion_tokens" : "max_tokens";
        if (most != null) {
            Ask.range(name, most, 1, Integer.MAX_VALUE);
        }
        Map<String, Object> variables =
                Optional.ofNullable(request.chatTemplateKwargs()).orElse(Map.of());
        variables.keySet().stream().filter(OWN_VARIABLES::contains).findFirst().ifPresent(variable -> {
            throw OpenAiProblem.invalid(
                    "chat_template_kwargs",
                    "chat_template_kwargs must not set " + variable + ", which the request does.");
        });
        return new ChatTask(
                Ask.of(request), messages(request.messages()), variables, Optional.ofNullable(most), logprobs(request));
    }

    private static void refuseWhatIsNotBuilt(ChatCompletionRequest request) {
        refuseAny("tools", request.tools(), "Calling tools");
        refuseAny("functions", request.functions(), "Calling functions");
        Map<String, Object> format = request.responseFormat();
        if (format != null && !"text".equals(format.get("type"))) {
            throw OpenAiProblem.invalid(
                    "response_format",
                    "Only {\"type\": \"text\"} is built of response_format, not '" + format.get("type")
                            + "'; ask for JSON in the prompt and check the answer.");
        }
        List<String> modalities = request.modalities();
        if (modalities != null && !modalities.equals(List.of("text"))) {
            throw OpenAiProblem.invalid("modalities", "Only text is answered, not " + modalities + ".");
        }
    }

    private static void refuseAny(String param, @Nullable Collection<?> values, String what) {
        if (values != null && !values.isEmpty()) {
            throw OpenAiProblem.invalid(param, what + " is not built yet; send the request without \"" + param + "\".");
        }
    }

    private static int logprobs(ChatCompletionRequest request) {
        boolean wanted = Boolean.TRUE.equals(request.logprobs());
        Integer top = request.topLogprobs();
        if (top != null) {
            Ask.range("top_logprobs", top, 0, MOST_LOGPROBS);
            if (!wanted) {
                throw OpenAiProblem.invalid(
                        "top_logprobs", "top_logprobs is only for requests with \"logprobs\": true.");
            }
        }
        return wanted ? Optional.ofNullable(top).orElse(0) : -1;
    }

    @SuppressWarnings("NullAway") // JSON may leave anything out
    private static List<Map<String, Object>> messages(List<ChatMessage> messages) {
        if (messages == null || messages.isEmpty()) {
            throw OpenAiProblem.invalid("messages", "messages must hold at least one message.");
        }
        List<Map<String, Object>> read = new ArrayList<>();
        for (int i = 0; i < messages.size(); i++) {
            String place = "messages[" + i + "]";
            ChatMessage message = messages.get(i);
            if (message == null || message.role() == null || !ROLES.contains(message.role())) {
                throw OpenAiProblem.invalid(
                        place + ".role",
                        place + ".role is '" + (message == null ? null : message.role())
                                + "'; it must be system, developer, user, assistant or tool.");
            }
            Map<String, Object> variables = new HashMap<>();
            variables.put("role", message.role().equals("developer") ? "system" : message.role());
            variables.put("content", content(place + ".content", message));
            Optional.ofNullable(message.name()).ifPresent(name -> variables.put("name", name));
            read.add(variables);
        }
        return read;
    }

    private static String content(String place, ChatMessage message) {
        return switch (message.content()) {
            case String text -> text;
            case List<?> parts -> text(place, parts);
            case null -> {
                if (message.role().equals("assistant")) {
                    yield "";
                }
                throw OpenAiProblem.invalid(place, place + " is missing; it must be a text or a list of text parts.");
            }
            default -> throw OpenAiProblem.invalid(place, place + " must be a text or a list of text parts.");
        };
    }

    private static String text(String place, List<?> parts) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < parts.size(); i++) {
            Object type = parts.get(i) instanceof Map<?, ?> part ? part.get("type") : null;
            if ("text".equals(type)
                    && parts.get(i) instanceof Map<?, ?> part
                    && part.get("text") instanceof String some) {
                text.append(some);
            } else {
                throw OpenAiProblem.invalid(
                        place + "[" + i + "]",
                        place + "[" + i + "] is of type '" + type
                                + "'; only text parts {\"type\": \"text\", \"text\": ...} are" + " built.");
            }
        }
        return text.toString();
    }

    @Override
    public int maxTokens(int promptTokens, int contextLength) {
        int rest = Math.max(1, contextLength - promptTokens);
        return Math.min(rest, most.orElse(rest));
    }

    @Override
    public boolean scorePrompt() {
        return false;
    }

    @Override
    public List<Prompt> prompts(Lease lease) {
        ChatPrompt chat = lease.chat()
                .orElseThrow(() -> OpenAiProblem.of(
                                HttpStatus.BAD_REQUEST,
                                "no_chat_template",
                                "The model " + ask.model()
                                        + " has no chat template; ask it through /v1/completions, or add a"
                                        + " chat_template to its tokenizer_config.json.")
                        .withParam("model"));
        try {
            return List.of(new Prompt(chat.encode(messages, templateVariables), ""));
        } catch (TemplateException e) {
            throw OpenAiProblem.invalid(
                    "messages", "The model's chat template refuses the messages: " + e.getMessage());
        }
    }

    @Override
    public AnswerFormat format(Lease lease) {
        return new ChatAnswer(ask.model(), new TokenTexts(lease.tokenizer()), logprobs >= 0);
    }
}
