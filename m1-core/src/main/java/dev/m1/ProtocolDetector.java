package dev.m1;

import dev.m1.chat.ChatTemplate;
import dev.m1.thinking.ThinkingProtocol;
import dev.m1.tokenizer.Tokenizer;

/**
 * Which thinking protocol a checkpoint follows, as far as its vocabulary and chat template tell. An m1 or s1 fine-tune
 * has the same files as the Qwen2.5 instruct model it was made from, so every ChatML model without {@code <think>}
 * counts as M1.
 */
final class ProtocolDetector {
    private ProtocolDetector() {}

    /** A protocol and what it was concluded from. */
    record Detected(ThinkingProtocol protocol, String reason) {}

    static Detected detect(Tokenizer tokenizer, ChatTemplate template) {
        if (tokenizer == null || template == null) {
            return new Detected(
                    ThinkingProtocol.PLAIN,
                    (tokenizer == null ? "no tokenizer.json" : "no chat template") + " in the checkpoint");
        }
        boolean thinkTokens = tokenizer.tokenId("<think>") >= 0 && tokenizer.tokenId("</think>") >= 0;
        if (thinkTokens && template.mentions("enable_thinking")) {
            return new Detected(
                    ThinkingProtocol.QWEN3, "the vocabulary has <think> and the chat template reads enable_thinking");
        }
        if (thinkTokens
                && (template.source().contains("</think>") || template.source().contains("<think>"))) {
            return new Detected(
                    ThinkingProtocol.DEEPSEEK_R1, "the vocabulary has <think> and the chat template speaks of it");
        }
        boolean chatMl = tokenizer.tokenId("<|im_start|>") >= 0 && tokenizer.tokenId("<|im_end|>") >= 0;
        if (chatMl && template.source().contains("<|im_start|>")) {
            return new Detected(ThinkingProtocol.M1, "ChatML chat template and vocabulary, without <think>");
        }
        return new Detected(ThinkingProtocol.PLAIN, "neither <think> nor ChatML in vocabulary and chat template");
    }
}
