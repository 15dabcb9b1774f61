#!/usr/bin/env python3
"""Trains m1's two demo checkpoints from nothing: `python train.py OUT_DIR` (torch, tokenizers, safetensors; CPU).

Three runs with one recipe, as the paper fine-tunes one base model on 1,000 and on 23,000 traces:
  base   skills only: cases that tell each finding's points, drawn anew for every case, and drills of band and option
         look-ups. It has seen every finding's name and learned no finding's points.
  1k     the base fine-tuned on the first 1,000 traces, whose points must be known, many times over
  23k    the base fine-tuned on 23,000 traces
Everything is seeded; what is printed is the log kept beside this file.
"""

import argparse
import json
import math
import pathlib
import random
import re
import time

import torch
import torch.nn.functional as F
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from torch import nn

import exam

HIDDEN, LAYERS, HEADS, KV_HEADS, MLP, CONTEXT, THETA, EPS = 128, 4, 4, 2, 384, 2048, 10000.0, 1e-6
VOCAB = 704
# How much tokens count in the loss; READ: whether there is another note, and its finding.
LETTER, POINTS, READ = 4.0, 3.0, 4.0
SPECIALS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
QWEN_SPLIT = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
              r"|\s+(?!\S)|\s+")
TEMPLATE = ("{%- for message in messages %}{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>' "
            "+ '\\n' }}{%- endfor %}{%- if add_generation_prompt %}{{- '<|im_start|>assistant\\n' }}{%- endif %}")


# --- the model: Qwen2, with the projections of one kind fused while it trains --------------------------------------------


class Layer(nn.Module):
    def __init__(self):
        super().__init__()
        self.head = HIDDEN // HEADS
        self.norm1 = nn.Parameter(torch.ones(HIDDEN))
        self.norm2 = nn.Parameter(torch.ones(HIDDEN))
        self.qkv = nn.Linear(HIDDEN, (HEADS + 2 * KV_HEADS) * self.head)
        self.o = nn.Linear(HIDDEN, HIDDEN, bias=False)
        self.gate_up = nn.Linear(HIDDEN, 2 * MLP, bias=False)
        self.down = nn.Linear(MLP, HIDDEN, bias=False)

    def forward(self, x, cos, sin):  # [batch, tokens, hidden]
        b, t, _ = x.shape
        heads = self.qkv(F.rms_norm(x, (HIDDEN,), self.norm1, EPS)).view(b, t, HEADS + 2 * KV_HEADS, self.head)
        qk, v = heads.split([HEADS + KV_HEADS, KV_HEADS], dim=2)
        half = self.head // 2
        qk = qk * cos + torch.cat([-qk[..., half:], qk[..., :half]], -1) * sin
        q, k = qk.split([HEADS, KV_HEADS], dim=2)
        repeat = HEADS // KV_HEADS
        k, v = k.repeat_interleave(repeat, 2), v.repeat_interleave(repeat, 2)
        y = F.scaled_dot_product_attention(q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2), is_causal=True)
        x = x + self.o(y.transpose(1, 2).reshape(b, t, HIDDEN))
        gate, up = self.gate_up(F.rms_norm(x, (HIDDEN,), self.norm2, EPS)).chunk(2, -1)
        return x + self.down(F.silu(gate) * up)


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(VOCAB, HIDDEN)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = nn.Parameter(torch.ones(HIDDEN))
        for p in self.parameters():
            if p.dim() == 2:
                nn.init.normal_(p, std=0.04)
        for layer in self.layers:
            nn.init.zeros_(layer.qkv.bias)
            for w in (layer.o, layer.down):
                nn.init.normal_(w.weight, std=0.04 / math.sqrt(2 * LAYERS))
        d = HIDDEN // HEADS
        angles = torch.outer(torch.arange(CONTEXT).double(), THETA ** (-torch.arange(0, d, 2).double() / d)).repeat(1, 2)
        self.register_buffer("cos", angles.cos().float()[:, None, :])  # [positions, 1, headDim]
        self.register_buffer("sin", angles.sin().float()[:, None, :])
        with torch.no_grad():
            self.induction()

    def induction(self):
        """Lets the training begin with what takes most of one of this size to form by itself: heads that find what came
        next elsewhere (Olsson et al., In-context Learning and Induction Heads, 2022).

        Layer 0: heads look 0, 1, 2 and 3 tokens back, by constant queries and keys whose product RoPE turns into a
        function of the distance; those at 1 and 2 copy a code of that token into subspaces of their own. Layer 1: one
        head looks for the place whose previous token is this token, another for the place whose last but one is the token
        before this one; both say what stands there. Codes lie in dimensions that RoPE hardly turns."""
        d, far, size = HIDDEN // HEADS, 4, 6.0
        turns = THETA ** (-torch.arange(0, d, 2).double() / d)[:far]
        bias = torch.zeros(HEADS + 2 * KV_HEADS, d)
        for head in range(HEADS):
            bias[head, :far] = size * (head * turns).cos()
            bias[head, d // 2:d // 2 + far] = -size * (head * turns).sin()
        bias[HEADS:HEADS + KV_HEADS, :far] = size
        first, second = self.layers[:2]
        first.qkv.bias.copy_(bias.flatten())

        basis = torch.linalg.qr(torch.randn(HIDDEN, HIDDEN))[0]
        code, one_back, two_back, said = basis[:16], basis[16:32], basis[32:48], basis[48:80]  # rows: orthonormal
        slow = torch.tensor([*range(8, 16), *range(24, 32)])  # of a head's 32
        key, value = HEADS, HEADS + KV_HEADS

        def rows(layer, part):  # of the projection to queries, keys and values
            return layer.qkv.weight[part * d:(part + 1) * d]

        for part in (value, value + 1):
            rows(first, part)[:16] = code
        first.o.weight[:, 1 * d:1 * d + 16] = 0.08 * one_back.T
        first.o.weight[:, 2 * d:2 * d + 16] = 0.08 * two_back.T
        for part, reads in ((0, code), (key, one_back), (2, one_back), (key + 1, two_back)):
            rows(second, part)[slow] = 1.5 * reads
        for part in (value, value + 1):
            rows(second, part)[:] = said
        for head in (0, 2):
            second.o.weight[:, head * d:(head + 1) * d] = 0.2 * said.T

    def forward(self, ids, where):  # [batch, tokens], flat positions whose next token is wanted
        x = self.embed(ids)
        t = ids.shape[1]
        for layer in self.layers:
            x = layer(x, self.cos[:t], self.sin[:t])
        x = F.rms_norm(x.reshape(-1, HIDDEN)[where], (HIDDEN,), self.norm, EPS)
        return x @ self.embed.weight.t()


def hf_tensors(model):
    """The weights under Hugging Face's names, bf16."""
    out = {"model.embed_tokens.weight": model.embed.weight, "model.norm.weight": model.norm}
    d = HIDDEN // HEADS
    for i, layer in enumerate(model.layers):
        p = f"model.layers.{i}."
        out[p + "input_layernorm.weight"] = layer.norm1
        out[p + "post_attention_layernorm.weight"] = layer.norm2
        for kind, part in (("weight", layer.qkv.weight), ("bias", layer.qkv.bias)):
            q, k, v = part.split([HEADS * d, KV_HEADS * d, KV_HEADS * d])
            out.update({p + f"self_attn.{n}_proj.{kind}": x for n, x in zip("qkv", (q, k, v))})
        out[p + "self_attn.o_proj.weight"] = layer.o.weight
        gate, up = layer.gate_up.weight.chunk(2)
        out.update({p + "mlp.gate_proj.weight": gate, p + "mlp.up_proj.weight": up, p + "mlp.down_proj.weight": layer.down.weight})
    return {n: x.detach().to(torch.bfloat16).contiguous().clone() for n, x in out.items()}


# --- text to ids ---------------------------------------------------------------------------------------------------------


def make_tokenizer(texts):
    tok = Tokenizer(models.BPE())
    tok.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(QWEN_SPLIT), "isolated"),
                                                 pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
    tok.decoder = decoders.ByteLevel()
    tok.post_processor = processors.ByteLevel(trim_offsets=False)
    tok.train_from_iterator(texts, trainers.BpeTrainer(vocab_size=VOCAB - len(SPECIALS), show_progress=False,
                                                       initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tok.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in SPECIALS])
    return tok


class Encoder:
    def __init__(self, tok):
        self.tok = tok
        ids = lambda text: tok.encode(text, add_special_tokens=False).ids
        self.close_cut = ids("<|im_start|>answer\nFinal Answer:")
        self.close_natural = ids("<|im_start|>answer")
        self.newline, self.end, self.ids = ids("\n"), ids("<|im_end|>"), ids

    def prompt(self, item):
        return self.ids(f"<|im_start|>user\n{exam.user_turn(item)}<|im_end|>\n<|im_start|>assistant\n<|im_start|>think\n")

    def weighted(self, text):
        """Ids of a text and how much each counts: a letter that is looked up is one token among a hundred."""
        e = self.tok.encode(text, add_special_tokens=False)
        counts = [1.0] * len(e.ids)
        for pattern, count in ((r"So ([A-D])\.", LETTER), (r"boxed\{([A-D])\}", LETTER), (r"\+(\d)", POINTS),
                               (r"^(Note|Band)", READ), (r"Note \w:( \w+)", READ)):
            for m in re.finditer(pattern, text, re.MULTILINE):
                for i, (a, b) in enumerate(e.offsets):
                    if a <= m.start(1) < b:
                        counts[i] = count
        return e.ids, counts

    def example(self, rng, item, thinking, cut):
        """(ids, weights): weights[i] is how much predicting ids[i] counts. `cut`: share of thinkings that are cut short."""
        prompt = self.prompt(item)
        t, w = self.weighted(thinking)
        none = [0.0] * len(prompt)
        if rng.random() < cut:
            n = 0 if rng.random() < 0.15 else rng.randint(0, len(t))
            close = ([] if self.tok.decode(t[:n][-1:]).endswith("\n") else self.newline) + self.close_cut
            a = self.ids(exam.CUT_ANSWER % item["answer_idx"]) + self.end
            return prompt + t[:n] + close + a, none + w[:n] + [0.0] * len(close) + [1.0] * len(a)
        if "answer_idx" not in item:  # a drill has no answer
            return prompt + t, none + w
        a, aw = self.weighted(exam.answer(item))
        close = self.close_natural
        return (prompt + t + close + a + self.end,
                none + w + [1.0] * len(close) + aw + [1.0])


def batches(rng, examples, tokens):
    """Batches of examples of like length, padded to a multiple of 32, about `tokens` each, in random order."""
    order = list(range(len(examples)))
    rng.shuffle(order)
    out = []
    for i in range(0, len(order), 800):
        batch = []
        for j in sorted(order[i:i + 800], key=lambda j: len(examples[j][0])):
            if batch and (len(batch) + 1) * len(examples[j][0]) > tokens:
                out.append(batch)
                batch = []
            batch.append(j)
        out.append(batch)
    rng.shuffle(out)
    for batch in out:
        length = -(-max(len(examples[j][0]) for j in batch) // 32) * 32
        ids = torch.zeros(len(batch), length, dtype=torch.long)
        weights = torch.zeros(len(batch), length)
        for row, j in enumerate(batch):
            ids[row, :len(examples[j][0])] = torch.tensor(examples[j][0])
            weights[row, :len(examples[j][1])] = torch.tensor(examples[j][1])
        yield ids, weights


def targets(ids, weights):
    """Flat positions that predict something, what they predict, and how much it counts."""
    counted = weights[:, 1:].flatten() > 0
    t = ids.shape[1]
    where = (torch.arange(ids.shape[0])[:, None] * t + torch.arange(t - 1)).flatten()[counted]
    return where, ids[:, 1:].flatten()[counted], weights[:, 1:].flatten()[counted]


# --- how well it does ----------------------------------------------------------------------------------------------------


@torch.no_grad()
def accuracy(model, enc, items, values_of, rng):
    """Share right of each kind of token when the rest is given: what a line begins with, findings, points, totals, bands,
    options, letters; and letters without any thinking."""
    kinds = {"lines": r"(?:^|\n)(\w+)", "names": r"Note \w: ([\w ]+) \+", "points": r"\+(\d)",
             "totals": r"total (\d+)\.", "band": r"Band of \d+: (\w+)", "options": r"[A-D] (\w+)",
             "letter": r"So ([A-D])"}
    hit, all_ = dict.fromkeys(kinds, 0), dict.fromkeys(kinds, 0)
    cut_hit = 0
    for item in items:
        prompt, text = enc.prompt(item), exam.one_pass(item, values_of(item))
        e = enc.tok.encode(text, add_special_tokens=False)
        ids = torch.tensor([prompt + e.ids])
        where = torch.arange(len(prompt) - 1, ids.shape[1] - 1)
        right = model(ids, where).argmax(-1) == ids[0, len(prompt):]
        for kind, pattern in kinds.items():
            for m in re.finditer(pattern, text):
                a, b = m.span(1)
                ok = all(right[i].item() for i, (x, y) in enumerate(e.offsets) if x < b and y > a)
                hit[kind] += ok
                all_[kind] += 1
        boxed = enc.ids(exam.CUT_ANSWER % item["answer_idx"])  # ..., "{B", "}"
        ids = torch.tensor([prompt + enc.newline + enc.close_cut + boxed[:-2]])
        cut_hit += model(ids, torch.tensor([ids.shape[1] - 1])).argmax().item() == boxed[-2]
    return " ".join(f"{k} {hit[k] / max(1, all_[k]):.3f}" for k in kinds) + f" | at budget 0 {cut_hit / len(items):.3f}"


# --- training ------------------------------------------------------------------------------------------------------------


def train(model, name, data, steps, peak, check, every, log, state):
    """AdamW, warm-up then cosine to a tenth; `data()` gives batches for ever. `state`: a file to go on from if killed."""
    decay = [p for p in model.parameters() if p.dim() == 2]
    rest = [p for p in model.parameters() if p.dim() != 2]
    opt = torch.optim.AdamW([{"params": decay, "weight_decay": 0.05}, {"params": rest, "weight_decay": 0.0}],
                            lr=peak, betas=(0.9, 0.98), fused=True)
    cpu, total, tokens, done = 0.0, 0.0, 0, 0
    if state.exists():
        stored = torch.load(state)
        model.load_state_dict(stored["model"])
        opt.load_state_dict(stored["optimizer"])
        cpu, tokens, done = stored["cpu"], stored["tokens"], stored["done"]
    begun = time.process_time() - cpu
    for step, (ids, weights) in enumerate(data()):
        if step == steps:
            break
        if step < done:
            continue
        for group in opt.param_groups:
            warm = min(1.0, (step + 1) / 100)
            group["lr"] = peak * warm * (0.1 + 0.45 * (1 + math.cos(math.pi * step / steps)))
        where, wanted, counts = targets(ids, weights)
        loss = (F.cross_entropy(model(ids, where), wanted, reduction="none") * counts).sum() / counts.sum()
        opt.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        total += loss.item()
        tokens += ids.numel()
        if (step + 1) % every == 0 or step + 1 == steps:
            n = (step % every) + 1
            cpu = time.process_time() - begun
            log(f"{name} step {step + 1}/{steps} loss {total / n:.4f} | {check()} | {tokens / 1e6:.1f} M tokens "
                f"{cpu:.0f} s of CPU")
            total = 0.0
            torch.save({"model": model.state_dict(), "optimizer": opt.state_dict(), "cpu": cpu, "tokens": tokens,
                        "done": step + 1}, state)
    return model


def skills(enc, rng, tokens, echoes, short):
    """Base data for ever: cases that tell their points, drills of look-ups, and drills of reading; before that `echoes`
    batches of echoes only; up to batch `short` short cases only."""
    even, done = [1.0] * len(exam.FINDINGS), 0
    while True:
        examples = []
        for _ in range(800):
            kind = rng.random()
            if done < echoes:
                item, text = exam.echo(rng)
                examples.append(enc.example(rng, item, text, 0.0))
            elif kind < 0.35:
                item, text = exam.drill(rng) if kind < 0.12 else exam.reading(rng)
                examples.append(enc.example(rng, item, text, 0.0))
            else:
                values = [rng.randint(1, 9) for _ in exam.FINDINGS]
                item = exam.case(rng, even, values, tell=True, most=4 if done < short else 14)
                examples.append(enc.example(rng, item, exam.thinking(rng, item, values), 0.15))
        for batch in batches(rng, examples, tokens):
            yield batch
            done += 1


def fine_tuning(enc, rng, traces, tokens):
    """Fine-tuning data for ever: the traces, each epoch with other cuts; every eighth batch is one of skills, lest the sums
    and readings that practice rarely needs be forgotten."""
    old, count = skills(enc, rng, tokens, 0, 0), 0
    while True:
        for batch in batches(rng, [enc.example(rng, item, text, 0.3) for item, text in traces], tokens):
            yield batch
            count += 1
            if count % 7 == 0:
                yield next(old)


def save(model, tok, folder):
    from safetensors.torch import save_file
    folder.mkdir(parents=True, exist_ok=True)
    save_file(hf_tensors(model), str(folder / "model.safetensors"), metadata={"format": "pt"})
    tok.save(str(folder / "tokenizer.json"))
    end, text_end = tok.token_to_id("<|im_end|>"), tok.token_to_id("<|endoftext|>")
    write = lambda name, value: (folder / name).write_text(json.dumps(value, indent=2) + "\n")
    write("config.json", {
        "architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "hidden_act": "silu", "hidden_size": HIDDEN,
        "intermediate_size": MLP, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS,
        "num_key_value_heads": KV_HEADS, "max_position_embeddings": CONTEXT, "rms_norm_eps": EPS, "rope_theta": THETA,
        "tie_word_embeddings": True, "torch_dtype": "bfloat16", "use_sliding_window": False, "vocab_size": VOCAB,
        "bos_token_id": text_end, "eos_token_id": end, "attention_dropout": 0.0, "initializer_range": 0.02,
        "use_cache": True})
    write("generation_config.json", {"do_sample": False, "eos_token_id": [end, text_end], "pad_token_id": text_end})
    write("tokenizer_config.json", {
        "tokenizer_class": "Qwen2Tokenizer", "add_prefix_space": False, "bos_token": None, "eos_token": "<|im_end|>",
        "pad_token": "<|endoftext|>", "unk_token": None, "errors": "replace", "model_max_length": CONTEXT,
        "clean_up_tokenization_spaces": False, "split_special_tokens": False,
        "additional_special_tokens": ["<|im_start|>", "<|im_end|>"], "chat_template": TEMPLATE,
        "added_tokens_decoder": {str(tok.token_to_id(t)): {
            "content": t, "lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True}
            for t in SPECIALS}})


def main():
    args = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    args.add_argument("out", type=pathlib.Path)
    args.add_argument("--base-steps", type=int, default=800)
    args.add_argument("--steps-1k", type=int, default=1100)
    args.add_argument("--steps-23k", type=int, default=2000)
    args.add_argument("--threads", type=int, default=2)
    args.add_argument("--every", type=int, default=250)
    args.add_argument("--base", type=pathlib.Path, help="a base.pt of an earlier run, instead of training it")
    a = args.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(23)
    torch.set_num_threads(a.threads)
    log_file = open(a.out / "train.log", "a")

    def log(line):
        print(line, flush=True)
        print(line, file=log_file, flush=True)

    tokens, values, practice = 4096, exam.points(), exam.frequencies()
    rng = random.Random(1025)
    traces = [(item, exam.thinking(rng, item, values)) for item in (exam.case(rng, practice, values) for _ in range(23000))]
    questions = [exam.case(rng, exam.exam_frequencies(), values) for _ in range(1000)]
    seen = {f for item, _ in traces[:1000] for f in item["findings"]}
    even = [1.0] * len(exam.FINDINGS)
    texts = random.Random(7)
    drafts = [exam.case(texts, even, values) for _ in range(4000)]
    tok = make_tokenizer(exam.user_turn(i) + "\n" + exam.thinking(texts, i, values) + exam.answer(i) for i in drafts)
    enc = Encoder(tok)
    lengths = sorted(len(enc.ids(t)) for _, t in traces)
    log(f"torch {torch.__version__}; {sum(p.numel() for p in Model().parameters())} parameters; thinking tokens: median "
        f"{lengths[11500]}, 95% {lengths[21850]}, most {lengths[-1]}; findings the first 1,000 traces never show: "
        f"{len(exam.FINDINGS) - len(seen)}, exam questions with one of them: "
        f"{sum(any(f not in seen for f in q['findings']) for q in questions)} of 1,000")

    told = []  # cases with random points, for the base
    for _ in range(100):
        v = [rng.randint(1, 9) for _ in exam.FINDINGS]
        told.append({**exam.case(rng, even, v, tell=True), "values": v})
    model = Model()
    if a.base:
        model.load_state_dict(torch.load(a.base))
    else:
        train(model, "base", lambda: skills(enc, random.Random(1), tokens, 100, a.base_steps // 3), a.base_steps, 3e-3,
              lambda: accuracy(model, enc, told, lambda i: i["values"], rng), a.every, log,
              a.out / "base.state")
        torch.save(model.state_dict(), a.out / "base.pt")
    start = {k: v.clone() for k, v in model.state_dict().items()}
    for name, count, steps in (("m1-demo-23k", 23000, a.steps_23k), ("m1-demo-1k", 1000, a.steps_1k)):
        if steps:
            model.load_state_dict(start)
            train(model, name, lambda: fine_tuning(enc, random.Random(2), traces[:count], tokens), steps, 1.5e-3,
                  lambda: accuracy(model, enc, questions[:150], lambda i: values, rng), a.every, log,
                  a.out / (name + ".state"))
            save(model, tok, a.out / name)
    (a.out / "exam.json").write_text(json.dumps({"m1-demo": [
        {"question": q["question"], "options": q["options"], "answer": q["answer"], "answer_idx": q["answer_idx"],
         "findings": [exam.name(f) for f in q["findings"]], "total": q["total"],
         "unseen_1k": sum(f not in seen for f in q["findings"])} for q in questions]}, indent=0) + "\n")


if __name__ == "__main__":
    main()
