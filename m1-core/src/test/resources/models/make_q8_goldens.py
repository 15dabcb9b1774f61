#!/usr/bin/env python3
"""What Hugging Face transformers says of the fixture models beside this file when their matrices are rounded to 8 bits.
Every matrix (embeddings, LM head, projections) is replaced by what the rounding leaves of it; norms and biases stay. Of a row,
32 neighbouring inputs are a block, the last one may be shorter; all in float32:
    scale = max(max|w| / 127, 2^-126);  q = rint(w / scale), ties to even;  w' = q * scale
golden-q8.json, golden-q8.safetensors: as golden.json and golden.safetensors, for the prompts that are named there.
    make_q8_goldens.py [DIR]      made with torch 2.13.0+cpu, transformers 5.18.0, safetensors 0.8.0"""
import json
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"
import numpy as np
import torch
import transformers
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM

torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)
BLOCK = 32


def rounded(w):
    """w [outputs, inputs] float32, as 8-bit weights stand for it"""
    result = np.empty_like(w)
    for k in range(0, w.shape[1], BLOCK):
        block = w[:, k:k + BLOCK]
        scale = np.maximum(np.abs(block).max(1, keepdims=True) / np.float32(127), np.float32(2.0 ** -126))
        q = np.rint(block / scale)
        assert block.dtype == scale.dtype == q.dtype == np.float32 and np.abs(q).max() <= 127
        result[:, k:k + BLOCK] = q * scale
    return result


def load(folder):
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    with torch.no_grad():
        for p in model.parameters():  # tied embeddings are one parameter
            if p.dim() == 2:
                p.copy_(torch.from_numpy(rounded(p.numpy().copy())))
    return model


def greedy(model, ids, count):
    with torch.no_grad():
        return model.generate(torch.tensor([ids]), attention_mask=torch.ones(1, len(ids), dtype=torch.long), max_new_tokens=count,
                              do_sample=False, repetition_penalty=1.0, temperature=None, top_p=None, top_k=None,
                              eos_token_id=None, pad_token_id=0)[0].tolist()[len(ids):]


def golden(folder):
    f32, f64 = load(folder), load(folder).double()
    with open(folder + "/golden.json") as f:
        prompts = {name: case["input_ids"] for name, case in json.load(f)["cases"].items()}
    tensors, cases = {}, {}
    for name, ids in prompts.items():
        with torch.no_grad():
            low = f32(torch.tensor([ids])).logits[0]
            logits = f64(torch.tensor([ids])).logits[0]
        if len(ids) <= 16:
            tensors[name + ".logits"] = logits.float()
        tensors[name + ".last_logits"] = logits[-1].float()
        new = greedy(f32, ids, 48)
        with torch.no_grad():
            steps = f64(torch.tensor([ids + new])).logits[0][len(ids) - 1:-1]
        best = torch.topk(steps, 2)
        assert best.indices[:, 0].tolist() == new, name
        cases[name] = {
            "input_ids": ids, "greedy_ids_48": new, "min_top1_margin": float((best.values[:, 0] - best.values[:, 1]).min()),
            "max_abs_logit": float(logits.abs().max()), "f32_vs_f64_max_abs_diff": float((low - logits).abs().max())}
    save_file({k: v.contiguous().clone() for k, v in tensors.items()}, folder + "/golden-q8.safetensors")
    with open(folder + "/golden-q8.json", "w") as f:
        json.dump({"transformers": transformers.__version__, "torch": torch.__version__, "cases": cases}, f, indent=1)
    print(os.path.basename(folder), {n: (round(c["min_top1_margin"], 5), "%.1e" % c["f32_vs_f64_max_abs_diff"],
                                         len(set(c["greedy_ids_48"]))) for n, c in cases.items()})


root = sys.argv[1] if len(sys.argv) > 1 else os.path.dirname(os.path.abspath(__file__))
for name in sorted(os.listdir(root)):
    if os.path.exists(os.path.join(root, name, "golden.json")):
        golden(os.path.join(root, name))
