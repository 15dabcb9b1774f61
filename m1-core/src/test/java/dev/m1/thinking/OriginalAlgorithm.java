package dev.m1.thinking;

import java.util.Arrays;
import java.util.function.Function;

/**
 * The original evaluation's procedure written down anew from its description, on texts: complete, perhaps append Wait
 * and complete again, close, answer. The model is a function of the ids of the whole text, as a completion server's is.
 */
final class OriginalAlgorithm {
    private static final ToyVocabulary V = ToyVocabulary.INSTANCE;

    private final Function<int[], Integer> model;
    String thinking;
    boolean thinkingCut;
    String response;
    boolean responseCut;
    int waits;

    private record Completion(String text, boolean length) {}

    OriginalAlgorithm(Function<int[], Integer> model) {
        this.model = model;
    }

    void run(String prompt, int budget, int maxWaits, int maxAnswer) {
        String open = prompt + "<|im_start|>think\n";
        Completion round = complete(open, budget);
        String text = round.text();
        boolean cut = round.length();
        int count = V.encode(round.text()).length;
        while (waits < maxWaits && count < budget) {
            String wait = text.endsWith(" ") ? " Wait" : "Wait";
            int withWait = count + V.encode(wait).length;
            if (withWait >= budget) {
                break;
            }
            text += wait;
            round = complete(open + text, budget - withWait);
            text += round.text();
            cut = round.length();
            count += V.encode(round.text()).length;
            waits++;
        }
        thinking = text;
        thinkingCut = cut;
        String closed = text.endsWith("\n") ? text : text + "\n";
        String prefix = cut ? "<|im_start|>answer\nFinal Answer:" : "<|im_start|>answer";
        Completion answer = complete(open + closed + prefix, maxAnswer);
        response = prefix + answer.text();
        responseCut = answer.length();
    }

    /** The server: a sampled id counts, then the cap is tested, then the stop; the stop is not part of the text. */
    private Completion complete(String text, int maxTokens) {
        int[] ids = V.encode(text);
        IntBuffer made = new IntBuffer();
        for (int n = 1; ; n++) {
            int id = model.apply(ids);
            boolean stop = id == V.id("<|im_start|>") || id == V.id("<|im_end|>") || id == V.id("<|endoftext|>");
            if (!stop) {
                made.add(id);
                ids = Arrays.copyOf(ids, ids.length + 1);
                ids[ids.length - 1] = id;
            }
            if (n >= maxTokens || stop) {
                return new Completion(V.decode(made.toArray(), true), n >= maxTokens);
            }
        }
    }
}
