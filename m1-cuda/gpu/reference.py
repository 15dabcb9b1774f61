#!/usr/bin/env python3
"""What Hugging Face transformers says of a checkpoint in float32: reference.py MODEL OUT.json [--prompt-tokens 1,11,300]
[--new-tokens 48]

For every prompt (ids drawn with a fixed seed): greedy ids, each step's margin between the two best logits, and the 20 largest
logits behind the prompt. float32 and not bfloat16, because then only m1's own rounding is compared."""
import argparse
import json

import torch
import transformers

arguments = argparse.ArgumentParser()
arguments.add_argument("model")
arguments.add_argument("out")
arguments.add_argument("--prompt-tokens", default="1,11,300")
arguments.add_argument("--new-tokens", type=int, default=48)
arguments = arguments.parse_args()

torch.backends.cuda.matmul.allow_tf32 = False
device = "cuda" if torch.cuda.is_available() else "cpu"
model = transformers.AutoModelForCausalLM.from_pretrained(arguments.model, dtype=torch.float32).to(device).eval()
generator = torch.Generator().manual_seed(21)
cases = []
with torch.no_grad():
    for length in map(int, arguments.prompt_tokens.split(",")):
        ids = torch.randint(0, model.config.vocab_size, (length,), generator=generator)
        step, cache, greedy, margins, behind = ids[None].to(device), None, [], [], None
        for _ in range(arguments.new_tokens):
            out = model(step, past_key_values=cache, use_cache=True)
            cache, last = out.past_key_values, out.logits[0, -1]
            behind = last if behind is None else behind
            best = torch.topk(last, 2)
            greedy.append(int(best.indices[0]))
            margins.append(float(best.values[0] - best.values[1]))
            step = best.indices[:1][None]
        top = torch.topk(behind, 20)
        cases.append({
            "input_ids": ids.tolist(), "greedy_ids": greedy, "top1_margin": margins,
            "last_top20": [[int(i), float(v)] for i, v in zip(top.indices, top.values)],
        })
with open(arguments.out, "w") as file:
    json.dump({"transformers": transformers.__version__, "torch": torch.__version__, "device": device, "cases": cases}, file)
