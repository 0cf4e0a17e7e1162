package io.orrery.engine.tokenizer;

import java.util.Arrays;
import java.util.OptionalInt;

/**
 * A tokenizer of parts: added tokens and normalizer, pre-tokenizer, model, post-processor; and back, a decoder. Immutable but for
 * the model's cache.
 */
final class PipelineTokenizer implements Tokenizer {
    private final Parts parts;
    private final int vocabSize;

    /** What a file describes. */
    record Parts(
            AddedTokens added,
            PreTokenizer preTokenizer,
            TokenModel model,
            PostProcessor postProcessor,
            Decoder decoder) {}

    PipelineTokenizer(Parts parts) {
        this.parts = parts;
        this.vocabSize =
                Math.max(parts.model().vocabulary().size(), parts.added().size());
    }

    @Override
    public int vocabSize() {
        return vocabSize;
    }

    @Override
    public int[] encode(String text, boolean addSpecialTokens) {
        Budget budget = Budget.of(text);
        IdList ids = new IdList();
        parts.added()
                .split(
                        text,
                        budget,
                        piece -> parts.preTokenizer()
                                .split(
                                        piece,
                                        budget,
                                        part -> ids.add(parts.model().encode(part.text(), budget))),
                        token -> ids.add(token.id()));
        return addSpecialTokens ? parts.postProcessor().process(ids.toArray()) : ids.toArray();
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        TokenStream stream = stream(skipSpecialTokens);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(stream.push(id));
        }
        return text.append(stream.flush()).toString();
    }

    @Override
    public OptionalInt id(String token) {
        AddedToken added = parts.added().byContent(token);
        int id = added == null ? parts.model().vocabulary().id(token) : added.id();
        return id < 0 ? OptionalInt.empty() : OptionalInt.of(id);
    }

    @Override
    public String token(int id) {
        AddedToken added = parts.added().byId(id);
        return added == null ? parts.model().vocabulary().token(id) : added.content();
    }

    @Override
    public boolean isSpecial(int id) {
        AddedToken added = parts.added().byId(id);
        return added != null && added.special();
    }

    @Override
    public TokenStream stream(boolean skipSpecialTokens) {
        return new DecodeStream(id -> decodable(id, skipSpecialTokens), parts.decoder());
    }

    private String decodable(int id, boolean skipSpecialTokens) {
        AddedToken added = parts.added().byId(id);
        if (added == null) {
            return parts.model().vocabulary().token(id);
        }
        return added.special() && skipSpecialTokens ? "" : parts.added().decodable(added);
    }

    /** Ids of one text as they come. */
    private static final class IdList {
        private int[] ids = new int[64];
        private int size;

        void add(int... more) {
            if (size + more.length > ids.length) {
                ids = Arrays.copyOf(ids, Math.max(size * 2, size + more.length));
            }
            System.arraycopy(more, 0, ids, size, more.length);
            size += more.length;
        }

        int[] toArray() {
            return Arrays.copyOf(ids, size);
        }
    }
}
