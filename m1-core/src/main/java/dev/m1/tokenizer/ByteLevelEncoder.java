package dev.m1.tokenizer;

import java.nio.charset.StandardCharsets;

/**
 * The common case, a well-known pattern and ByteLevel, straight on UTF-8: the same ids as
 * {@link SegmentEncoder.General} without a string for each word.
 */
record ByteLevelEncoder(WordScanner scanner, boolean addPrefixSpace) implements SegmentEncoder {
    @Override
    public void encode(String text, boolean atStart, BpeModel model, BpeMerger merger, IntList out) {
        String prefixed = addPrefixSpace && !text.startsWith(" ") ? " " + text : text;
        byte[] utf8 = prefixed.getBytes(StandardCharsets.UTF_8);
        for (int from = 0; from < utf8.length; ) {
            int to = scanner.next(utf8, from, utf8.length);
            model.encode(utf8, from, to, merger, out);
            from = to;
        }
    }
}
