#!/usr/bin/env python3
"""Tiny random-weight checkpoints for what the larger fixtures leave out, with what Hugging Face transformers says of them.
    tiny-yarn      Qwen2    f32   YaRN (old spelling `type`), tied head, prompts longer than the original context of 64
    tiny-linear    Llama    f16   linear RoPE scaling (new spelling `rope_parameters`), biases on every projection
    tiny-mistral   Mistral  bf16  no sliding window, head_dim != hidden / heads, untied head
    tiny-group     Llama    bf16  14 query heads, 7 for each key/value head
golden.json: prompts, 48 greedy ids, the smallest distance between the two best logits on the way; golden.safetensors: logits
of a float64 forward pass over the stored weights (RoPE angles are float32 in transformers also then).
    make_rope_models.py OUT      made with torch 2.13.0+cpu, transformers 5.18.0, safetensors 0.8.0"""
import json
import math
import os
import random
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
import torch
import transformers
from safetensors.torch import save_file
from transformers import AutoConfig, AutoModelForCausalLM

torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)

COMMON = {"attention_dropout": 0.0, "bos_token_id": 1, "eos_token_id": 2, "hidden_act": "silu", "hidden_size": 48,
          "initializer_range": 0.02, "num_hidden_layers": 2, "use_cache": True, "vocab_size": 256}
MODELS = {
    "tiny-yarn": (torch.float32, 17, dict(
        COMMON, architectures=["Qwen2ForCausalLM"], model_type="qwen2", intermediate_size=80, num_attention_heads=3,
        num_key_value_heads=1, max_position_embeddings=64, max_window_layers=2, sliding_window=64,
        use_sliding_window=False, rms_norm_eps=1e-6, rope_theta=10000.0, tie_word_embeddings=True,
        rope_scaling={"factor": 4.0, "original_max_position_embeddings": 64, "type": "yarn"}, torch_dtype="float32")),
    "tiny-linear": (torch.float16, 3, dict(
        COMMON, architectures=["LlamaForCausalLM"], model_type="llama", intermediate_size=72, num_attention_heads=4,
        num_key_value_heads=4, head_dim=12, max_position_embeddings=512, attention_bias=True, mlp_bias=True,
        pretraining_tp=1, rms_norm_eps=1e-5, tie_word_embeddings=False,
        rope_parameters={"rope_type": "linear", "factor": 2.0, "rope_theta": 10000.0}, dtype="float16")),
    "tiny-mistral": (torch.bfloat16, 2, dict(
        COMMON, architectures=["MistralForCausalLM"], model_type="mistral", intermediate_size=96, num_attention_heads=4,
        num_key_value_heads=2, head_dim=20, max_position_embeddings=512, sliding_window=None, rms_norm_eps=1e-5,
        rope_theta=1000000.0, tie_word_embeddings=False, torch_dtype="bfloat16")),
    "tiny-group": (torch.bfloat16, 25, dict(
        COMMON | {"hidden_size": 56}, architectures=["LlamaForCausalLM"], model_type="llama", intermediate_size=80,
        num_attention_heads=14, num_key_value_heads=2, head_dim=8, max_position_embeddings=512, rms_norm_eps=1e-5,
        rope_theta=10000.0, tie_word_embeddings=False, torch_dtype="bfloat16")),
}
rng = random.Random(11)
PROMPTS = {"one": [5], "short": [7, 200, 11, 12, 201, 202, 45, 199, 9, 17], "repeat": [42] * 20,
           "len70": [rng.randrange(256) for _ in range(70)], "len200": [rng.randrange(256) for _ in range(200)]}


def fill(model, seed):
    """Weights large enough that logits are far apart, small enough that nothing saturates."""
    generator = torch.Generator().manual_seed(seed)
    tied = model.config.tie_word_embeddings
    with torch.no_grad():
        for name, p in sorted(model.named_parameters()):
            r = torch.randn(p.shape, generator=generator)
            if "norm" in name:
                p.copy_(1 + 0.2 * r)
            elif name.endswith("bias"):
                p.copy_(0.5 * r)
            elif "embed_tokens" in name:
                p.copy_(r * (0.25 if tied else 1.0))  # tied: the input must not dominate the output
            elif "lm_head" in name:
                p.copy_(r * 2.0 / math.sqrt(p.shape[1]))
            else:
                wide = tied and ("o_proj" in name or "down_proj" in name)
                p.copy_(r * (4.0 if wide else 1.3) / math.sqrt(p.shape[1]))


def greedy(model, ids, count):
    with torch.no_grad():
        return model.generate(torch.tensor([ids]), attention_mask=torch.ones(1, len(ids), dtype=torch.long), max_new_tokens=count,
                              do_sample=False, temperature=None, top_p=None, top_k=None, eos_token_id=None,
                              pad_token_id=0)[0].tolist()[len(ids):]


def golden(folder):
    load = lambda: AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    f32, f64 = load(), load().double()
    tensors, cases = {}, {}
    for name, ids in PROMPTS.items():
        with torch.no_grad():
            low = f32(torch.tensor([ids])).logits[0]
            out = f64(torch.tensor([ids]), output_hidden_states=True)
        logits = out.logits[0]
        if len(ids) <= 32:
            tensors[name + ".logits"] = logits.float()
        tensors[name + ".last_logits"] = logits[-1].float()
        if name == "short":
            for i, h in enumerate(out.hidden_states):
                tensors[f"short.hidden.{i}"] = h[0].float()
        new = greedy(f32, ids, 48)
        with torch.no_grad():
            steps = f64(torch.tensor([ids + new])).logits[0][len(ids) - 1:-1]
        best = torch.topk(steps, 2)
        assert best.indices[:, 0].tolist() == new, name
        scores = torch.log_softmax(logits, -1)
        cases[name] = {
            "input_ids": ids, "greedy_ids_48": new,
            "min_top1_margin": float((best.values[:, 0] - best.values[:, 1]).min()),
            "greedy_logprob_sum": float(torch.log_softmax(steps, -1)[range(48), new].sum()),
            "prompt_nll_mean": float(-scores[range(len(ids) - 1), ids[1:]].mean()) if len(ids) > 1 else None,
            "last_top5": [[int(i), float(v)] for v, i in zip(*torch.topk(logits[-1], 5))],
            "max_abs_logit": float(logits.abs().max()), "f32_vs_f64_max_abs_diff": float((low - logits).abs().max())}
    save_file({k: v.contiguous().clone() for k, v in tensors.items()}, folder + "/golden.safetensors")
    with open(folder + "/golden.json", "w") as f:
        json.dump({"transformers": transformers.__version__, "torch": torch.__version__, "cases": cases}, f, indent=1)
    print(os.path.basename(folder), {n: (round(c["min_top1_margin"], 4), "%.1e" % c["f32_vs_f64_max_abs_diff"],
                                         len(set(c["greedy_ids_48"]))) for n, c in cases.items()})


for name, (dtype, seed, config) in MODELS.items():
    folder = os.path.join(sys.argv[1], name)
    os.makedirs(folder, exist_ok=True)
    with open(folder + "/config.json", "w") as f:
        json.dump(config, f, indent=2)
    model = AutoModelForCausalLM.from_config(AutoConfig.from_pretrained(folder), dtype=torch.float32)
    fill(model, seed)
    weights = {k: v.detach().to(dtype).contiguous() for k, v in model.state_dict().items()
               if not (k == "lm_head.weight" and config["tie_word_embeddings"])}
    save_file(weights, folder + "/model.safetensors", metadata={"format": "pt"})
    with open(folder + "/generation_config.json", "w") as f:
        json.dump({"bos_token_id": 1, "eos_token_id": 2}, f, indent=2)
    golden(folder)
