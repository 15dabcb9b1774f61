package dev.m1.tokenizer;

/** Text without added tokens, normalized, to ids: pre-tokenizer and BPE. */
interface SegmentEncoder {
    /** Appends the ids of a text that is not empty; {@code atStart} is true at the very start of what is encoded. */
    void encode(String text, boolean atStart, BpeModel model, BpeMerger merger, IntList out);

    /** Any pre-tokenizer, on strings. */
    record General(PreTokenizer preTokenizer) implements SegmentEncoder {
        @Override
        public void encode(String text, boolean atStart, BpeModel model, BpeMerger merger, IntList out) {
            preTokenizer.split(text, atStart, (piece, first) -> model.encode(piece, merger, out));
        }
    }
}
