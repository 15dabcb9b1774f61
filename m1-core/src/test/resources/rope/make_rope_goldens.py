#!/usr/bin/env python3
"""RoPE frequencies as Hugging Face transformers computes them (float32), for RopeFrequenciesTest.
    make_rope_goldens.py > rope_goldens.json          made with torch 2.13.0+cpu, transformers 5.18.0"""
import json
import torch
import transformers
from transformers import LlamaConfig
from transformers.models.llama.modeling_llama import LlamaRotaryEmbedding

CASES = {
    "plain-10000-64": (64, 10000.0, 2048, None),
    "plain-1e6-128": (128, 1000000.0, 32768, None),
    "plain-24": (24, 1000000.0, 1024, None),
    "plain-2": (2, 10000.0, 64, None),
    "linear-4": (128, 10000.0, 8192, {"rope_type": "linear", "factor": 4.0}),
    "linear-2.5": (80, 5000000.0, 8192, {"rope_type": "linear", "factor": 2.5}),
    "llama3.1-8b": (128, 500000.0, 131072, {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
                                            "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}),
    "llama3.2-3b": (128, 500000.0, 131072, {"rope_type": "llama3", "factor": 32.0, "low_freq_factor": 1.0,
                                            "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}),
    "llama3-tiny": (16, 500000.0, 2048, {"rope_type": "llama3", "factor": 32.0, "low_freq_factor": 1.0,
                                         "high_freq_factor": 4.0, "original_max_position_embeddings": 128}),
    "yarn-qwen2.5": (128, 1000000.0, 32768, {"rope_type": "yarn", "factor": 4.0,
                                             "original_max_position_embeddings": 32768}),
    "yarn-tiny": (16, 10000.0, 256, {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 64}),
    "yarn-betas": (64, 10000.0, 65536, {"rope_type": "yarn", "factor": 16.0, "beta_fast": 24.0, "beta_slow": 2.0,
                                        "original_max_position_embeddings": 4096}),
    "yarn-untruncated": (64, 150000.0, 131072, {"rope_type": "yarn", "factor": 32.0, "truncate": False,
                                                "original_max_position_embeddings": 4096}),
    "yarn-mscale": (64, 10000.0, 163840, {"rope_type": "yarn", "factor": 40.0, "mscale": 1.0, "mscale_all_dim": 0.8,
                                          "original_max_position_embeddings": 4096}),
    "yarn-mscale-alone": (64, 10000.0, 163840, {"rope_type": "yarn", "factor": 40.0, "mscale": 0.707,
                                                "original_max_position_embeddings": 4096}),
    "yarn-mscale-zero": (64, 10000.0, 163840, {"rope_type": "yarn", "factor": 40.0, "mscale": 1.0,
                                               "mscale_all_dim": 0.0, "original_max_position_embeddings": 4096}),
    "yarn-attention-factor": (64, 10000.0, 32768, {"rope_type": "yarn", "factor": 8.0, "attention_factor": 1.75,
                                                   "original_max_position_embeddings": 4096}),
    "yarn-factor-1": (64, 10000.0, 4096, {"rope_type": "yarn", "factor": 1.0,
                                          "original_max_position_embeddings": 4096}),
    "yarn-empty-ramp": (4, 10000.0, 400, {"rope_type": "yarn", "factor": 4.0, "beta_fast": 1.0, "beta_slow": 1.0,
                                         "truncate": False, "original_max_position_embeddings": 100}),
}

out = {"transformers": transformers.__version__, "torch": torch.__version__, "cases": {}}
for name, (head_dim, theta, context, scaling) in CASES.items():
    config = LlamaConfig(hidden_size=4 * head_dim, num_attention_heads=4, head_dim=head_dim, max_position_embeddings=context,
                         rope_parameters=dict(scaling or {"rope_type": "default"}, rope_theta=theta))
    rotary = LlamaRotaryEmbedding(config)
    assert rotary.inv_freq.dtype == torch.float32
    out["cases"][name] = {"head_dim": head_dim, "rope_theta": theta, "max_position_embeddings": context,
                          "rope_scaling": scaling, "attention_factor": float(rotary.attention_scaling),
                          "inv_freq": [float(x) for x in rotary.inv_freq]}
print(json.dumps(out, indent=1))
