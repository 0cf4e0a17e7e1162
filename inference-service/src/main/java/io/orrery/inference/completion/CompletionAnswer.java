package io.orrery.inference.completion;

import io.orrery.api.openai.Completion;
import io.orrery.api.openai.Completion.Logprobs;
import io.orrery.api.openai.Usage;
import io.orrery.engine.generate.TextPiece;
import io.orrery.engine.generate.TokenChoice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A plain completion on the wire. */
final class CompletionAnswer implements AnswerFormat {
    private final AnswerIds ids;
    private final TokenTexts texts;
    private final boolean logprobs;
    private final boolean echo;
    private final Map<Integer, Place> places = new HashMap<>();

    CompletionAnswer(String model, TokenTexts texts, boolean logprobs, boolean echo) {
        this.ids = AnswerIds.of("cmpl-", model);
        this.texts = texts;
        this.logprobs = logprobs;
        this.echo = echo;
    }

    /** Where a choice's next token stands. */
    private static final class Place {
        int before;
        int offset;
    }

    /** What the four lists of log probabilities are made of. */
    private final class Columns {
        private final List<String> tokens = new ArrayList<>();
        private final List<@Nullable Double> logprobs = new ArrayList<>();
        private final List<@Nullable Map<String, Double>> rivals = new ArrayList<>();
        private final List<Integer> offsets = new ArrayList<>();

        void first(int token, Place place) {
            String text = texts.first(token);
            add(text, null, null, place);
            place.before = token;
        }

        void add(TokenChoice choice, Place place) {
            String text = texts.text(place.before, choice.token());
            add(text, TokenTexts.finite(choice.logprob()), texts.rivals(place.before, choice), place);
            place.before = choice.token();
        }

        private void add(String text, @Nullable Double logprob, @Nullable Map<String, Double> others, Place place) {
            tokens.add(text);
            logprobs.add(logprob);
            rivals.add(others);
            offsets.add(place.offset);
            place.offset += text.length();
        }

        Logprobs lists() {
            return new Logprobs(tokens, logprobs, rivals, offsets);
        }
    }

    private Place place(Choice choice) {
        return places.computeIfAbsent(choice.index(), _ -> {
            Place place = new Place();
            int[] prompt = choice.prompt().tokens();
            place.before = prompt[prompt.length - 1];
            return place;
        });
    }

    @Override
    public Optional<Object> begin(Choice choice) {
        if (!echo) {
            return Optional.empty();
        }
        Columns columns = new Columns();
        echo(choice, columns);
        return Optional.of(chunk(choice, choice.prompt().text(), logprobs ? columns.lists() : null, null));
    }

    private void echo(Choice choice, Columns columns) {
        if (logprobs) {
            Place place = place(choice);
            columns.first(choice.prompt().tokens()[0], place);
            choice.generation().prompt().forEach(token -> columns.add(token, place));
        }
    }

    @Override
    public Optional<Object> piece(Choice choice, TextPiece piece) {
        if (piece.text().isEmpty() && !logprobs) {
            return Optional.empty();
        }
        Columns columns = new Columns();
        said(choice, piece, columns);
        return Optional.of(chunk(choice, piece.text(), logprobs ? columns.lists() : null, null));
    }

    private void said(Choice choice, TextPiece piece, Columns columns) {
        if (logprobs) {
            Place place = place(choice);
            piece.tokens().forEach(token -> columns.add(token, place));
        }
    }

    @Override
    public Object end(Choice choice, String finishReason) {
        return chunk(choice, "", null, finishReason);
    }

    private Completion chunk(Choice choice, String text, @Nullable Logprobs logprobs, @Nullable String finishReason) {
        return answer(List.of(new Completion.Choice(text, choice.index(), logprobs, finishReason)), null);
    }

    @Override
    public Object usage(Usage usage) {
        return answer(List.of(), usage);
    }

    @Override
    public Object whole(List<Spoken> choices, Usage usage) {
        return answer(choices.stream().map(this::whole).toList(), usage);
    }

    private Completion.Choice whole(Spoken spoken) {
        Choice choice = spoken.choice();
        TextPiece all = spoken.joined();
        Columns columns = new Columns();
        if (echo) {
            echo(choice, columns);
        }
        said(choice, all, columns);
        return new Completion.Choice(
                echo ? choice.prompt().text() + all.text() : all.text(),
                choice.index(),
                logprobs ? columns.lists() : null,
                spoken.finishReason());
    }

    private Completion answer(List<Completion.Choice> choices, @Nullable Usage usage) {
        return new Completion(ids.id(), Completion.OBJECT, ids.created(), ids.model(), choices, usage);
    }
}
