package dev.m1.bench.synthetic;

import java.util.ArrayList;
import java.util.List;

/**
 * One tensor to draw, by its Hugging Face name. Standard deviations are those of a fresh Qwen2.5 initialisation for
 * matrices (0.02), and wider ones for gains and biases, so that no logit is infinite and none is trivial.
 *
 * @param name as in the checkpoint
 * @param shape {@code [out, in]} of a matrix, {@code [n]} of a vector
 * @param mean of its elements
 * @param deviation standard deviation of its elements
 */
record SyntheticTensor(String name, List<Integer> shape, double mean, double deviation) {
    long elements() {
        return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
    }

    /** All tensors of a shape, in file order. */
    static List<SyntheticTensor> of(SyntheticShape s) {
        int kvDim = s.kvHeads * s.headDim();
        List<SyntheticTensor> all = new ArrayList<>();
        all.add(matrix("model.embed_tokens", s.vocab, s.hidden));
        for (int i = 0; i < s.layers; i++) {
            String layer = "model.layers." + i + ".";
            all.add(gain(layer + "input_layernorm", s.hidden));
            addProjection(all, s, layer + "self_attn.q_proj", s.hidden);
            addProjection(all, s, layer + "self_attn.k_proj", kvDim);
            addProjection(all, s, layer + "self_attn.v_proj", kvDim);
            all.add(matrix(layer + "self_attn.o_proj", s.hidden, s.hidden));
            all.add(gain(layer + "post_attention_layernorm", s.hidden));
            all.add(matrix(layer + "mlp.gate_proj", s.intermediate, s.hidden));
            all.add(matrix(layer + "mlp.up_proj", s.intermediate, s.hidden));
            all.add(matrix(layer + "mlp.down_proj", s.hidden, s.intermediate));
        }
        all.add(gain("model.norm", s.hidden));
        if (!s.tied) {
            all.add(matrix("lm_head", s.vocab, s.hidden));
        }
        return all;
    }

    private static void addProjection(List<SyntheticTensor> all, SyntheticShape s, String name, int outputs) {
        all.add(matrix(name, outputs, s.hidden));
        if (s.family.qkvBias) {
            all.add(new SyntheticTensor(name + ".bias", List.of(outputs), 0, 0.2));
        }
    }

    private static SyntheticTensor matrix(String name, int outputs, int inputs) {
        return new SyntheticTensor(name + ".weight", List.of(outputs, inputs), 0, 0.02);
    }

    private static SyntheticTensor gain(String name, int n) {
        return new SyntheticTensor(name + ".weight", List.of(n), 1, 0.1);
    }
}
