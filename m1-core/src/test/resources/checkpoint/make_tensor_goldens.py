#!/usr/bin/env python3
"""What safetensors and transformers read from the fixture models, for CheckpointFixturesTest.
    make_tensor_goldens.py > tensor_goldens.json      made with safetensors 0.8.0, torch 2.13.0+cpu, transformers 5.18.0"""
import glob
import json
import os

import torch
import transformers
from safetensors import safe_open
from transformers import AutoConfig
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding

models = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "models")
out = {"transformers": transformers.__version__, "torch": torch.__version__, "models": {}}
for folder in sorted(glob.glob(os.path.join(models, "tiny-*"))):
    tensors = {}
    for path in sorted(glob.glob(os.path.join(folder, "model*.safetensors"))):
        with safe_open(path, "pt") as f:
            for name in f.keys():
                t = f.get_tensor(name)
                flat = t.flatten().double()
                tensors[name] = {"dtype": str(t.dtype).removeprefix("torch."), "shape": list(t.shape),
                                 "first": float(flat[0]), "middle": float(flat[len(flat) // 2]), "last": float(flat[-1])}
    config = AutoConfig.from_pretrained(folder)
    out["models"][os.path.basename(folder)] = {
        "head_dim": getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads,
        "rope_attention_factor": float(LlamaRotaryEmbedding(config).attention_scaling),
        "parameters": transformers.AutoModelForCausalLM.from_config(config).num_parameters(),
        "tensors": tensors}
print(json.dumps(out, indent=1))
