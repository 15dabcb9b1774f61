#!/usr/bin/env python3
"""Writes a checkpoint with the shapes of a Qwen2.5 model and random weights: checkpoint.py SIZE FOLDER

SIZE is 0.5b, 1.5b, 7b, or tiny (a rehearsal). bfloat16, the Hugging Face layout, one shard for every few gigabytes. The spread of
the weights keeps activations near 1, so that logits differ and their order means something."""
import json
import os
import sys

import torch
from safetensors.torch import save_file

# hidden, layers, heads, key/value heads, intermediate, vocabulary, tied embeddings
SHAPES = {
    "tiny": (128, 2, 4, 2, 256, 512, True),
    "0.5b": (896, 24, 14, 2, 4864, 151936, True),
    "1.5b": (1536, 28, 12, 2, 8960, 151936, True),
    "7b": (3584, 28, 28, 4, 18944, 152064, False),
}
SHARD_BYTES = 4 << 30


def tensors(shape, draw):
    hidden, layers, heads, kv_heads, intermediate, vocab, tied = shape
    head = hidden // heads
    yield "model.embed_tokens.weight", draw((vocab, hidden), 0.02)
    for i in range(layers):
        prefix = f"model.layers.{i}."
        for norm in ("input_layernorm", "post_attention_layernorm"):
            yield f"{prefix}{norm}.weight", 1 + draw((hidden,), 0.1)
        for name, rows in (("q", heads * head), ("k", kv_heads * head), ("v", kv_heads * head)):
            yield f"{prefix}self_attn.{name}_proj.weight", draw((rows, hidden), hidden**-0.5)
            yield f"{prefix}self_attn.{name}_proj.bias", draw((rows,), 0.1)
        yield f"{prefix}self_attn.o_proj.weight", draw((hidden, heads * head), (2 * layers * hidden) ** -0.5)
        yield f"{prefix}mlp.gate_proj.weight", draw((intermediate, hidden), hidden**-0.5)
        yield f"{prefix}mlp.up_proj.weight", draw((intermediate, hidden), hidden**-0.5)
        yield f"{prefix}mlp.down_proj.weight", draw((hidden, intermediate), (2 * layers * intermediate) ** -0.5)
    yield "model.norm.weight", 1 + draw((hidden,), 0.1)
    if not tied:
        yield "lm_head.weight", draw((vocab, hidden), hidden**-0.5)


def main(size, folder):
    shape = SHAPES[size]
    hidden, layers, heads, kv_heads, intermediate, vocab, tied = shape
    device = "cuda" if torch.cuda.is_available() else "cpu"
    generator = torch.Generator(device).manual_seed(20)

    def draw(dims, spread):
        return torch.randn(dims, generator=generator, device=device) * spread

    os.makedirs(folder, exist_ok=True)
    index, shard, size_of_shard, shards = {}, {}, 0, 0

    def flush():
        nonlocal shard, size_of_shard, shards
        shards += 1
        name = f"model-{shards:05d}.safetensors"
        save_file(shard, os.path.join(folder, name), metadata={"format": "pt"})
        index.update({key: name for key in shard})
        shard, size_of_shard = {}, 0

    total = 0
    for name, values in tensors(shape, draw):
        values = values.to(torch.bfloat16).cpu()
        bytes_of = values.numel() * 2
        if shard and size_of_shard + bytes_of > SHARD_BYTES:
            flush()
        shard[name] = values
        size_of_shard += bytes_of
        total += bytes_of
    flush()
    with open(os.path.join(folder, "model.safetensors.index.json"), "w") as file:
        json.dump({"metadata": {"total_size": total}, "weight_map": index}, file)
    config = {
        "architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "hidden_act": "silu", "hidden_size": hidden,
        "num_hidden_layers": layers, "num_attention_heads": heads, "num_key_value_heads": kv_heads,
        "intermediate_size": intermediate, "vocab_size": vocab, "tie_word_embeddings": tied, "rms_norm_eps": 1e-6,
        "rope_theta": 1000000.0, "max_position_embeddings": 32768, "use_sliding_window": False, "torch_dtype": "bfloat16",
        "bos_token_id": 0, "eos_token_id": 1,
    }
    with open(os.path.join(folder, "config.json"), "w") as file:
        json.dump(config, file)
    print(f"{folder}: {total / 1e9:.2f} GB")


main(*sys.argv[1:])
