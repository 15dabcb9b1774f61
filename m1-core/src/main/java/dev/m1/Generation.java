package dev.m1;

import dev.m1.thinking.FinishReason;

/**
 * What plain generation produced.
 *
 * @param tokenIds new ids, without the stop token
 * @param text their text, special tokens included; empty if the checkpoint has no tokenizer
 * @param finishReason why it ended
 * @param usage what it cost; new tokens are counted as answer tokens
 */
public record Generation(int[] tokenIds, String text, FinishReason finishReason, Usage usage) {}
