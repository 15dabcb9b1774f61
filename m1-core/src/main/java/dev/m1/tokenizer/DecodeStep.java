package dev.m1.tokenizer;

import java.util.function.Consumer;

/**
 * A step of a decoder at work. Items (at first the tokens) go in one by one; what is certain comes out. Up to Fuse or
 * ByteLevel an item is an item of HF's list; after it all are parts of one text.
 */
interface DecodeStep {
    void accept(String item, Consumer<String> out);

    /** No item follows. */
    default void finish(Consumer<String> out) {}

    /** A step in the same state that goes its own way. */
    DecodeStep copy();
}
