"""Writes dev/m1/tokenizer/unicode-tables.txt: the character classes that HF tokenizers uses, asked from HF itself.

Run with tokenizers 0.23.2 (onig with Unicode 16.0; its NFC/NFD tables are those of Unicode 9.0):
    python make_unicode_tables.py ../../../main/resources/dev/m1/tokenizer/unicode-tables.txt
Each line is a class name followed by its code points as start:length pairs, both hexadecimal; a start is the distance from
the end of the pair before it. No pair reaches into the surrogates.
  L, N    general categories in onig;  SPACE: \\s in onig
  WORD    \\w of the Rust regex crate (single_word, Whitespace);  PUNCT: what the Punctuation pre-tokenizer splits at
  NUMERIC what the Digits pre-tokenizer splits at
  NORM    code points that one of HF's NFC, NFD, NFKC, NFKD can change, reorder or compose; all others are left alone
"""
import sys
from tokenizers import Regex, normalizers, pre_tokenizers

CPS = [c for c in range(0x110000) if not 0xD800 <= c <= 0xDFFF]
ALL = "".join(map(chr, CPS))


def runs(members):
    out = []
    for c in members:
        if out and out[-1][1] == c - 1 and c != 0xE000:
            out[-1][1] = c
        else:
            out.append([c, c])
    return out


def split_class(pre_tokenizer):
    return [c for _, (a, b) in pre_tokenizer.pre_tokenize_str(ALL) for c in CPS[a:b]]


def onig(negated):
    return split_class(pre_tokenizers.Split(Regex(negated + "+"), "removed"))


def removed_by(pre_tokenizer):
    kept = set(split_class(pre_tokenizer))
    return [c for c in CPS if c not in kept]


def rust_word():
    p = pre_tokenizers.Whitespace()
    return [c for c in CPS if len(p.pre_tokenize_str("a" + chr(c))) == 1
            and p.pre_tokenize_str("a" + chr(c))[0][1][1] == 2]


def numeric():
    # Contiguous: a digit joins the digit before it, everything else is split from it.
    p = pre_tokenizers.Digits(individual_digits=False)
    return [c for c in CPS if len(p.pre_tokenize_str("1" + chr(c))) == 1]


def normalized():
    forms = [normalizers.NFC(), normalizers.NFD(), normalizers.NFKC(), normalizers.NFKD()]
    nfd = forms[1].normalize_str
    active = set()
    for c in CPS:
        s = chr(c)
        outs = [f.normalize_str(s) for f in forms]
        if any(o != s for o in outs):
            active.add(c)
            for o in outs:
                active.update(map(ord, o))
        for mark in "\u0334\u0301\u0345":  # combining classes 1, 230, 240
            if nfd("x" + s + mark) != "x" + nfd(s) + mark or nfd("x" + mark + s) != "x" + mark + nfd(s):
                active.add(c)
    return sorted(active)


def main(path):
    classes = {k: onig(r"\P{%s}" % k) for k in "LN"}
    classes["SPACE"] = onig(r"\S")
    classes["WORD"] = rust_word()
    classes["PUNCT"] = removed_by(pre_tokenizers.Punctuation("removed"))
    classes["NUMERIC"] = numeric()
    classes["NORM"] = normalized()
    with open(path, "w", newline="\n") as f:
        for name, members in classes.items():
            pairs, end = [], 0
            for a, b in runs(members):
                pairs.append("%x:%x" % (a - end, b - a + 1))
                end = b + 1
            f.write(name + " " + " ".join(pairs) + "\n")


main(sys.argv[1])
