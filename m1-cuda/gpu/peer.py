#!/usr/bin/env python3
"""What PyTorch and transformers do on the same device with the same shapes: peer.py MODEL OUT.json REPEATS small|full

bfloat16, attention by sdpa, decoding against a static cache, each step one CUDA graph where the device allows it (without, the
time of launching kernels from Python would be measured). Beside that the matrix products of a step alone, by cuBLAS, which may sum in
another order for every number of tokens. Names are those of Measure and Products. The peer's numbers, like ours, are medians of
repeated runs after one that is not counted."""
import json
import sys
import time

import torch
import transformers
from transformers import StaticCache

folder, out, repeats, size = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
small = size == "small"
cuda = torch.cuda.is_available()
device = "cuda" if cuda else "cpu"
report = {"torch": torch.__version__, "transformers": transformers.__version__, "device": device}
model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16, attn_implementation="sdpa")
model = model.to(device).eval()


def wait():
    if cuda:
        torch.cuda.synchronize()


def seconds(work):
    wait()
    start = time.perf_counter()
    work()
    wait()
    return time.perf_counter() - start


def measure(name, work, value):
    work()
    values = sorted(value(seconds(work)) for _ in range(repeats))
    report[name] = {"median": values[len(values) // 2], "least": values[0], "most": values[-1], "runs": repeats}


def captured(work):
    """The work as a CUDA graph, or as it is where there is no device."""
    if not cuda:
        return work
    side = torch.cuda.Stream()
    side.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(side):
        for _ in range(3):
            work()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        work()
    return graph.replay


def rewind(cache, length):
    """Newer caches count for themselves where the next token goes."""
    for layer in cache.layers:
        if hasattr(layer, "cumulative_length"):
            layer.cumulative_length.fill_(length)


def decode(name, rows, context, steps):
    cache = StaticCache(config=model.config, max_cache_len=context + steps + 2)
    ids = torch.randint(0, model.config.vocab_size, (rows, context), device=device)
    chunk = max(1, 8192 // rows)
    for start in range(0, context, chunk):
        part = ids[:, start : start + chunk]
        model(part, past_key_values=cache, cache_position=torch.arange(start, start + part.shape[1], device=device),
              logits_to_keep=1)
    token = ids[:, -1:].clone()
    position = torch.tensor([context], device=device)

    def step():
        logits = model(token, past_key_values=cache, cache_position=position, position_ids=position[None]).logits
        token.copy_(logits[:, -1].argmax(-1, keepdim=True))
        position.add_(1)

    rewind(cache, context)
    try:
        replay = captured(step)
    except Exception as e:
        report[f"{name}WithoutGraph"] = f"{type(e).__name__}: {e}"[:300]
        replay = step

    def run():
        rewind(cache, context)
        position.fill_(context)
        for _ in range(steps):
            replay()

    measure(name, run, lambda s: rows * steps / s)


def prefill(name, tokens, per_second):
    ids = torch.randint(0, model.config.vocab_size, (1, tokens), device=device)
    run = lambda: model(ids, logits_to_keep=1, use_cache=True)
    measure(name, run, lambda s: tokens / s if per_second else s)


def products(tokens):
    """Every matrix of the model times activations in bfloat16, one behind the other."""
    weights = [m.weight for m in model.modules() if isinstance(m, torch.nn.Linear)]
    inputs = {k: torch.randn(tokens, k, device=device, dtype=torch.bfloat16) for k in {w.shape[1] for w in weights}}

    def work():
        for weight in weights:
            torch.nn.functional.linear(inputs[weight.shape[1]], weight)

    measure(f"products{tokens}CublasMilliseconds", captured(work), lambda s: s * 1e3)


def attempt(name, work, *arguments):
    try:
        work(name, *arguments) if name else work(*arguments)
    except Exception as e:  # a peer that cannot do it says why, and the rest is measured
        report[(name or f"products{arguments[0]}") + "Failed"] = f"{type(e).__name__}: {e}"[:300]
        if cuda:
            torch.cuda.empty_cache()


with torch.no_grad():
    attempt("decodeBatch1TokensPerSecond", decode, 1, 16 if small else 512, 4 if small else 128)
    attempt("decodeBatch64TokensPerSecond", decode, 3 if small else 64, 16 if small else 2300, 2 if small else 32)
    attempt("prefillTokensPerSecond", prefill, 32 if small else 2048, True)
    attempt("firstTokenSeconds", prefill, 20 if small else 300, False)
    for tokens in (1, 8) if small else (1, 8, 16, 64, 256, 2048):
        attempt(None, products, tokens)
with open(out, "w") as file:
    json.dump(report, file)
print(json.dumps(report))
