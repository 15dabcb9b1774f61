"""MODEL_DIRECTORY NEW_TOKENS THREADS DTYPE: transformers on PyTorch; speaks the protocol of PeerProcess.java."""

import json
import sys
import time

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

directory, new_tokens, threads, dtype = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
torch.set_num_threads(threads)
tokenizer = AutoTokenizer.from_pretrained(directory)
model = AutoModelForCausalLM.from_pretrained(directory, dtype=getattr(torch, dtype)).eval()
capability = torch.backends.cpu.get_cpu_capability()


def say(line):
    print(json.dumps(line), flush=True)


say({"ready": f"{capability}, oneDNN {torch.backends.mkldnn.is_available()}, {model.config._attn_implementation} attention"})
with torch.inference_mode():
    for file in sys.stdin:
        with open(file.rstrip("\n"), encoding="utf-8") as text:
            ids = tokenizer(text.read(), add_special_tokens=False, return_tensors="pt").input_ids
        begin = time.perf_counter()
        step = model(ids, use_cache=True, logits_to_keep=1)
        token = step.logits[:, -1:].argmax(-1)
        first = time.perf_counter()
        for _ in range(new_tokens - 1):
            step = model(token, past_key_values=step.past_key_values, use_cache=True)
            token = step.logits[:, -1:].argmax(-1)
        last = time.perf_counter()
        say(
            {
                "promptTokens": ids.shape[1],
                "promptSeconds": first - begin,
                "newTokens": new_tokens,
                "decodeTokensPerSecond": (new_tokens - 1) / (last - first),
            }
        )
