package io.orrery.api.openai;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code /v1/chat/completions} and {@code /v1/completions} are told in the same words; absent is the default. */
public interface GenerationParameters {
    String model();

    /** 0 to 2. */
    @Nullable
    Double temperature();

    /** Above 0, to 1. */
    @Nullable
    Double topP();

    /** 0 for all; ours and vLLM's. */
    @Nullable
    Integer topK();

    /** 0 to 1; ours and vLLM's. */
    @Nullable
    Double minP();

    /** Above 0; ours and vLLM's. */
    @Nullable
    Double repetitionPenalty();

    /** -2 to 2. */
    @Nullable
    Double presencePenalty();

    /** -2 to 2. */
    @Nullable
    Double frequencyPenalty();

    /** Token id, as text, to -100 to 100. */
    @Nullable
    Map<String, Double> logitBias();

    @Nullable
    Long seed();

    /** Answers to the same prompt, 1 to 128. */
    @Nullable
    Integer n();

    /** A text, or up to four. */
    @Nullable
    Object stop();

    @Nullable
    Boolean stream();

    @Nullable
    StreamOptions streamOptions();
}
