#!/usr/bin/env python3
"""Writes golden.json beside each demo checkpoint: what transformers generates greedily for the first 20 exam questions.

`python make_goldens.py` (torch, transformers). The bf16 weights are widened to f32 and everything is computed in f32, as
m1's CPU backend does it. "margin" is the smallest distance between the best and the second logit on the way: far above
f32's rounding, so that the ids must be equal on any machine.
"""

import json
import pathlib

import torch
import transformers

import exam

HERE = pathlib.Path(__file__).parent
NEW_TOKENS = 800


@torch.no_grad()
def main():
    questions = json.loads((HERE / "exam.json").read_text())["m1-demo"][:20]
    for name in ("m1-demo-1k", "m1-demo-23k"):
        tokenizer = transformers.AutoTokenizer.from_pretrained(HERE / name)
        model = transformers.AutoModelForCausalLM.from_pretrained(HERE / name, dtype=torch.float32).eval()
        cases = []
        for question in questions:
            chat = [{"role": "user", "content": exam.user_turn(question)}]
            text = tokenizer.apply_chat_template(chat, tokenize=False, add_generation_prompt=True) + "<|im_start|>think\n"
            prompt = tokenizer(text, add_special_tokens=False, return_tensors="pt").input_ids
            out = model.generate(prompt, attention_mask=torch.ones_like(prompt), do_sample=False,
                                 max_new_tokens=NEW_TOKENS, return_dict_in_generate=True, output_logits=True)
            new = out.sequences[0, prompt.shape[1]:].tolist()
            best = torch.stack(out.logits).squeeze(1).topk(2).values
            cases.append({"prompt": text, "prompt_ids": prompt[0].tolist(), "ids": new,
                          "text": tokenizer.decode(new, skip_special_tokens=False),
                          "margin": round((best[:, 0] - best[:, 1]).min().item(), 6)})
        made = f"transformers {transformers.__version__}, torch {torch.__version__}, greedy, f32"
        (HERE / name / "golden.json").write_text(
            json.dumps({"made_by": made, "max_new_tokens": NEW_TOKENS, "cases": cases}, indent=1) + "\n")
        print(name, "smallest margin", min(c["margin"] for c in cases), "tokens", sum(len(c["ids"]) for c in cases))


if __name__ == "__main__":
    main()
