/** Text to token ids and back: byte-level BPE and SentencePiece BPE. */
@NullMarked
package io.orrery.engine.tokenizer;

import org.jspecify.annotations.NullMarked;
