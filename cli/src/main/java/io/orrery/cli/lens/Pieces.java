package io.orrery.cli.lens;

import io.orrery.engine.tokenizer.Tokenizer;
import java.util.Arrays;
import java.util.List;

/** Ids as tokens that can be shown. */
record Pieces(Tokenizer tokenizer) {
    Piece of(int id) {
        return new Piece(id, tokenizer.token(id), tokenizer.decode(new int[] {id}, false));
    }

    List<Piece> of(int[] ids) {
        return Arrays.stream(ids).mapToObj(this::of).toList();
    }
}
