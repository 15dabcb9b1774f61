"""Writes what HF tokenizers says of adversarial texts and of random ids: goldens-tiny-qwen2.jsonl and goldens-variants.json.

Run with tokenizers 0.23.2 in this folder:  python make_goldens.py
The first uses ../models/tiny-qwen2/tokenizer.json. The second trains two small vocabularies on the sentences below and combines
each with many pre-tokenizers, normalizers, decoders and added tokens; a variant is a base tokenizer.json with fields replaced.
"""
import json
import random
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

RNG = random.Random(20240607)
CORPUS = [
    "A small model reads the question, thinks for a while, and then it answers.",
    "The patient has a fever of 39.5 degrees and a cough since 3 days; what is the diagnosis?",
    "Don't stop: it's the reader's choice, they'll see, we've said, I'm sure, you're right, he'd agree.",
    "Die Ärztin prüft die Größe über fünf Wochen, naïve façade, crème brûlée, señor.",
    "Врач спросил пациента о температуре. Ответ был прост.",
    "医生问病人的体温。今天天气很好。 日本語の文章です。 한국어 문장입니다.",
    "def f(x):\n    return x * 2  # twice\n\n\nif x == 10:\n\tprint('ten', x)\r\n",
    "1 22 333 4444 55555 2024-06-07 3.14159 1,000,000 <b>bold</b> [x] {y} | a|b | <|tag|>",
]
POOL = [
    " ", "  ", "   ", "\t", "\n", "\n\n", "\r\n", "\r", " \n", "\n ", "\u00a0", "\u2028", "\u2029", "\u3000", "\u0085", "\u1680", "\u200b",
    "\u180e", "\ufeff", "\v", "\f", "\x00", "\x1c", "\x1f", "\x7f", "'s", "'S", "'t", "'re", "'RE", "'Ve", "'m", "'LL", "'ll", "'l", "'d",
    "'\u017f", "'K", "'\u212a", "\u2019s", "''", "'", "don't", "I'M", "e\u0301", "\u00e9", "A\u030a", "\u212b", "\u1e9b\u0323", "\u0958",
    "\uac00", "\u1100\u1161\u11a8", "\u1100\u1161", "\u11a8", "o\u0323\u0302", "o\u0302\u0323", "\u0344", "\u0345", "\u0897", "\U000105d2\u0307",
    "\U00011382\U000113c9", "\ufb01", "\uff21", "\u2460", "\u00bd", "\u00b2", "\u0660\u0661", "\u0967\u0968", "\u2167", "\u4e00\u4e8c\u4e09", "\u5929",
    "\u533b\u751f", "\u65e5\u672c\u8a9e", "\ud55c\uad6d\uc5b4", "\u0e2a\u0e27\u0e31\u0e2a\u0e14\u0e35", "\u0645\u0631\u062d\u0628\u0627", "\u202e",
    "\u0928\u092e\u0938\u094d\u0924\u0947", "\U0001f600", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1e9\U0001f1ea", "\U0001f44d\U0001f3fd",
    "\u2764\ufe0f", "\u0378", "\U000e0041", "\U0010ffff", "\ufffd", "\ufffe", "\ue000", "\u00ad", "\u0130", "\u0131", "\u00df", "\u1e9e", "\u03a3\u03c2",
    "a", "the", " the", "question", " model", "The", "x", "Z", "0", "7", "12", "2024", "12345678", ".", ",", "!", "?!", "...", "-", "--", "_", "__x__",
    "(", ")", "$", "\u20ac", "#", "@", "\\n", "\"", "<", ">", "|", "/", "http://a.b/c?d=e", "<0x41>", "\u2581", "\u2581the", "\u0120the", "\u0120",
    "<|im_start|>", "<|im_end|>", "<|endoftext|>", "<think>", "</think>", "<| im_end |>", "<|im_end", "|im_end|>", "<<|im_end|>>", "<|im_end|><|im_end|>",
    "<|IM_END|>", "<th", "ink>", "<s>", "</s>", "<unk>", "<sep>", "[CLS]", "<L>", "<R>", "<LR>", "word", "<N>", "<n>", "ABC", "abc",
]


def texts(count, longest):
    out = ["", " ", "a", "\n", "\ufffd"] + POOL
    for _ in range(count):
        parts = []
        for _ in range(RNG.randint(1, longest)):
            kind = RNG.random()
            if kind < 0.75:
                parts.append(RNG.choice(POOL))
            elif kind < 0.85:
                parts.append(RNG.choice(RNG.choice(CORPUS).split(" ")))
            else:
                c = RNG.choice([RNG.randrange(0x250), RNG.randrange(0x3000), RNG.randrange(0x110000)])
                parts.append(chr(c) if not 0xD800 <= c <= 0xDFFF else "?")
        out.append("".join(parts))
    return out


def random_ids(size, count, favoured):
    return [[RNG.choice(favoured) if favoured and RNG.random() < 0.5 else RNG.randrange(size) for _ in range(RNG.randint(0, 12))]
            for _ in range(count)]


def record(tokenizer, text):
    ids = tokenizer.encode(text, add_special_tokens=False).ids
    return {"text": text, "ids": ids, "special": tokenizer.encode(text, add_special_tokens=True).ids,
            "decoded": tokenizer.decode(ids, skip_special_tokens=False)}


def decoding(tokenizer, ids):
    return {"ids": ids, "decoded": tokenizer.decode(ids, skip_special_tokens=False),
            "skipped": tokenizer.decode(ids, skip_special_tokens=True)}


def without_added(spec):
    return Tokenizer.from_str(json.dumps({**spec, "added_tokens": []}))


def tiny_qwen2():
    spec = json.load(open("../models/tiny-qwen2/tokenizer.json", encoding="utf-8"))
    tokenizer, literal = Tokenizer.from_str(json.dumps(spec)), without_added(spec)
    size = tokenizer.get_vocab_size() + 20  # some ids that no token has
    # Tokens that are a single byte make malformed and split UTF-8 likely.
    single = [i for t, i in tokenizer.get_vocab().items() if len(t) == 1 and ord(t) > 0x7E]
    with open("goldens-tiny-qwen2.jsonl", "w", encoding="ascii", newline="\n") as f:
        for text in texts(500, 12):
            line = record(tokenizer, text)
            line["literal"] = literal.encode(text, add_special_tokens=False).ids
            del line["special"]
            f.write(json.dumps(line) + "\n")
        for ids in random_ids(size, 300, single):
            f.write(json.dumps(decoding(tokenizer, ids)) + "\n")


def added(content, **options):
    token = {"content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": False}
    return {**token, **options}


def trained(pre_tokenizer, special, alphabet, size):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizer
    tokenizer.train_from_iterator(CORPUS, trainers.BpeTrainer(vocab_size=size, special_tokens=special, initial_alphabet=alphabet,
                                                              show_progress=False))
    model = json.loads(tokenizer.to_str())["model"]
    return {"type": "BPE", "dropout": None, "unk_token": None, "continuing_subword_prefix": None, "end_of_word_suffix": None,
            "fuse_unk": False, "byte_fallback": False, "ignore_merges": False, "vocab": model["vocab"], "merges": model["merges"]}


def spec(model, **fields):
    base = {"version": "1.0", "truncation": None, "padding": None, "added_tokens": [], "normalizer": None, "pre_tokenizer": None,
            "post_processor": None, "decoder": None}
    return {**base, **fields, "model": model}


def numbered(tokens, vocab):
    n, out = len(vocab), []
    for t in tokens:
        known = t["content"] in vocab
        out.append({"id": vocab[t["content"]] if known else n, **t})
        n += 0 if known else 1
    return out


BYTE = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False}
GPT2 = {**BYTE, "use_regex": True}
LLAMA3 = ("(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*"
          "|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+")
DEEPSEEK = ["\\p{N}{1,3}", "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+",
            "[!\"#$%&'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~][A-Za-z]+|[^\\r\\n\\p{L}\\p{P}\\p{S}]?[\\p{L}\\p{M}]+"
            "| ?[\\p{P}\\p{S}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"]
O200K = ("[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
         "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
         "|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+")


def split(pattern, behavior="Isolated", invert=False):
    return {"type": "Split", "pattern": pattern, "behavior": behavior, "invert": invert}


def sequence(field, *parts):
    return {"type": "Sequence", field: list(parts)}


def metaspace(scheme, splits):
    return {"type": "Metaspace", "replacement": "\u2581", "prepend_scheme": scheme, "split": splits}


def replace(pattern, content):
    return {"type": "Replace", "pattern": pattern, "content": content}


def template(name, token_id, after=()):
    return {"type": "TemplateProcessing",
            "single": [{"SpecialToken": {"id": name, "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}]
            + [{"SpecialToken": {"id": a, "type_id": 0}} for a, _ in after],
            "pair": [{"Sequence": {"id": "A", "type_id": 0}}, {"Sequence": {"id": "B", "type_id": 1}}],
            "special_tokens": {n: {"id": n, "ids": [i], "tokens": [n]} for n, i in [(name, token_id), *after]}}


def trained_bases():
    pieces = ["<unk>", "<s>", "</s>"]
    bytes_ = ["<0x%02X>" % b for b in range(256)]
    char = trained(pre_tokenizers.Metaspace(), pieces, [], 420)
    full = trained(pre_tokenizers.Metaspace(), pieces + bytes_, [], 560)
    half = trained(pre_tokenizers.Metaspace(), pieces + bytes_[:0xE0], [], 500)
    byte = trained(pre_tokenizers.ByteLevel(add_prefix_space=False), [], sorted(pre_tokenizers.ByteLevel.alphabet()), 420)
    few = trained(pre_tokenizers.ByteLevel(add_prefix_space=False), [], [], 300)  # not every byte has a token
    return {"char": char, "full": full, "half": half, "byte": byte, "few": few}


def variants():
    pieces = ["<unk>", "<s>", "</s>"]
    sp = [added(p, special=True) for p in pieces]
    chat = [added("<|im_end|>", special=True), added("<think>"), added("<L>", lstrip=True), added("<R>", rstrip=True),
            added("<LR>", lstrip=True, rstrip=True, special=True), added("word", single_word=True), added("<|im_end|><|im_end|>")]
    llama = {"normalizer": sequence("normalizers", {"type": "Prepend", "prepend": "\u2581"}, replace({"String": " "}, "\u2581")),
             "decoder": sequence("decoders", replace({"String": "\u2581"}, " "), {"type": "ByteFallback"}, {"type": "Fuse"},
                                 {"type": "Strip", "content": " ", "start": 1, "stop": 0}),
             "post_processor": template("<s>", 1)}
    fallback = {"unk_token": "<unk>", "fuse_unk": True, "byte_fallback": True}
    unk = {"unk_token": "<unk>"}

    def byte_pre(*parts):
        return {"pre_tokenizer": sequence("pretokenizers", *parts, BYTE), "decoder": BYTE}

    yield "llama2", "full", fallback, sp, llama
    yield "mistral", "full", fallback, sp + [added("[INST]", special=True)], {
        **llama, "normalizer": None, "pre_tokenizer": metaspace("first", False), "post_processor": template("<s>", 1, [("</s>", 2)])}
    yield "half-fallback", "half", fallback, sp, llama
    yield "half-fallback-unfused", "half", {**fallback, "fuse_unk": False}, sp, llama
    yield "metaspace-always", "char", unk, sp, {"pre_tokenizer": metaspace("always", True), "decoder": metaspace("always", True)}
    yield "metaspace-first", "char", {**unk, "fuse_unk": True}, sp, {"pre_tokenizer": metaspace("first", True),
                                                                   "decoder": metaspace("first", True)}
    yield "metaspace-never", "char", {}, sp, {"pre_tokenizer": metaspace("never", True), "decoder": metaspace("never", True)}
    yield "no-decoder", "char", unk, sp, {"pre_tokenizer": metaspace("always", False)}
    yield "sp-added", "full", fallback, sp + chat + [added("<sep>", normalized=True), added("abc", normalized=True, single_word=True),
                                                      added("[CLS]", normalized=True, lstrip=True, rstrip=True)], llama
    yield "strip-items", "full", fallback, sp, {**llama, "decoder": sequence(
        "decoders", replace({"String": "\u2581"}, " "), {"type": "Strip", "content": " ", "start": 1, "stop": 0}, {"type": "ByteFallback"})}
    yield "replace-fused", "full", fallback, sp, {**llama, "decoder": sequence(
        "decoders", {"type": "ByteFallback"}, {"type": "Fuse"}, replace({"String": "\u2581"}, "_"),
        {"type": "Strip", "content": "_", "start": 3, "stop": 0})}
    yield "replace-regex", "char", unk, sp, {"normalizer": replace({"Regex": "\\s+|[0-9]{2,}"}, "\u2581"),
                                             "decoder": replace({"Regex": "\u2581(?=t)"}, " ")}
    yield "nfkc", "char", unk, sp, {"normalizer": sequence("normalizers", {"type": "NFKC"}, {"type": "Lowercase"}),
                                    "pre_tokenizer": metaspace("always", True), "decoder": metaspace("always", True)}
    yield "nfkd-strip", "char", unk, sp, {"normalizer": sequence("normalizers", {"type": "NFKD"},
                                                                 {"type": "Strip", "strip_left": True, "strip_right": False}),
                                          "pre_tokenizer": metaspace("always", True), "decoder": metaspace("always", True)}
    yield "whitespace", "char", unk, sp, {"pre_tokenizer": {"type": "Whitespace"}}
    yield "whitespace-split", "char", unk, sp, {"pre_tokenizer": sequence(
        "pretokenizers", {"type": "WhitespaceSplit"}, {"type": "Punctuation", "behavior": "MergedWithPrevious"})}
    yield "gpt2", "byte", {}, [added("<|endoftext|>", special=True, normalized=True)], {"pre_tokenizer": GPT2, "decoder": GPT2,
                                                                                       "post_processor": GPT2}
    yield "gpt2-prefix", "byte", {}, chat, {"pre_tokenizer": {**GPT2, "add_prefix_space": True}, "decoder": GPT2}
    yield "few-bytes", "few", {}, chat, {"pre_tokenizer": GPT2, "decoder": GPT2}
    yield "byte-only", "byte", {}, chat, {"pre_tokenizer": {**BYTE, "add_prefix_space": True}, "decoder": BYTE}
    yield "byte-normalizer", "byte", {}, [added("<N>", normalized=True), added("a b", normalized=True), added("\u00e9t\u00e9", normalized=True)], {
        "normalizer": sequence("normalizers", {"type": "NFC"}, {"type": "ByteLevel"}), "decoder": BYTE}
    yield "lowercase-added", "byte", {}, [added("<N>", normalized=True, special=True), added("ABC", normalized=True, single_word=True),
                                          added("THE", normalized=True, lstrip=True)], {
        "normalizer": sequence("normalizers", {"type": "NFD"}, {"type": "Lowercase"}), "pre_tokenizer": GPT2, "decoder": BYTE}
    yield "llama3", "byte", {"ignore_merges": True}, chat, byte_pre(split({"Regex": LLAMA3}))
    yield "llama3-merged", "byte", {}, chat, byte_pre(split({"Regex": LLAMA3}))
    yield "llama3-digits", "byte", {}, chat, byte_pre(split({"Regex": LLAMA3}), {"type": "Digits", "individual_digits": True})
    yield "llama3-removed", "byte", {}, chat, byte_pre(split({"Regex": LLAMA3}, "Removed", True))
    yield "deepseek", "byte", {}, chat, byte_pre(*[split({"Regex": r}) for r in DEEPSEEK])
    yield "o200k", "byte", {}, chat, byte_pre(split({"Regex": O200K}))
    yield "digits", "byte", {}, chat, byte_pre({"type": "Digits", "individual_digits": False}, {"type": "Punctuation"})
    for behavior in ["Removed", "Isolated", "MergedWithPrevious", "MergedWithNext", "Contiguous"]:
        for invert in [False, True]:
            pattern = {"Regex": "\\s|[a-c]+|(?=\\d)"} if invert else {"String": " "}
            yield "split-%s-%s" % (behavior, invert), "byte", {}, [], byte_pre(split(pattern, behavior, invert))
    yield "split-digits-lookahead", "byte", {}, [], byte_pre(split({"Regex": "(?=(\\d{3})+(?!\\d))"}, "Isolated"))


def write_variants():
    bases = trained_bases()
    out = {"bases": bases, "variants": []}
    shared = texts(60, 10)
    for name, base, options, tokens, fields in variants():
        model = {**bases[base], **options}
        full = spec(model, **fields)
        full["added_tokens"] = numbered(tokens, model["vocab"])
        tokenizer, literal = Tokenizer.from_str(json.dumps(full)), without_added(full)
        picked = shared[:5] + RNG.sample(shared[5:], 55)
        lines = []
        for text in picked:
            line = record(tokenizer, text)
            line["literal"] = literal.encode(text, add_special_tokens=False).ids
            lines.append(line)
        favoured = [i for t, i in tokenizer.get_vocab().items() if t.startswith("<0x") or len(t) == 1 and ord(t) > 0x7E]
        lines += [decoding(tokenizer, ids) for ids in random_ids(tokenizer.get_vocab_size() + 3, 40, favoured) if ids]
        out["variants"].append({"name": name, "base": base, "options": options,
                                "fields": {**fields, "added_tokens": full["added_tokens"]}, "lines": lines})
    with open("goldens-variants.json", "w", encoding="ascii", newline="\n") as f:
        json.dump(out, f, separators=(",", ":"))


tiny_qwen2()
write_variants()
