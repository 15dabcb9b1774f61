/**
 * Text to token ids and back, as the Rust library behind HF {@code tokenizers} does it: {@code tokenizer.json} with
 * byte-level BPE (GPT-2, Qwen, Llama 3) or SentencePiece-style BPE with byte fallback (Llama 2, Mistral).
 *
 * <p>Encoding runs: added tokens that match the raw text; normalizer; added tokens that match normalized text;
 * pre-tokenizer; BPE; post-processor. A part of a file that is not understood is refused when the file is loaded.
 */
package dev.m1.tokenizer;
