#!/usr/bin/env python3
"""What the original scoring of m1 says of invented answers, for M1ScorerTest.

    make_answers.py CHECKOUT > answers.jsonl

CHECKOUT is a clone of github.com/UCSC-VLAA/m1 (made at c65dfc6, Python 3.11, Unicode 14); it is run, not copied. Only its
functions extract_answer and huatuo_match_choice are needed: the packages it imports for other work are replaced by empty
ones. With a number behind CHECKOUT, that many random answers are written instead.
"""
import json
import random
import sys
import types


def originals(checkout):
    for name in "dotenv click datasets openai tqdm jinja2 omegaconf transformers".split():
        stub = types.ModuleType(name)
        stub.__getattr__ = lambda _: lambda *a, **k: lambda f: f
        sys.modules[name] = stub
    sys.path.insert(0, checkout + "/src/eval")
    import extract_format
    import score
    return extract_format.extract_answer, score.huatuo_match_choice


FOUR = {"A": "Oxygen", "B": "Zinc sulfate", "C": "Watchful waiting", "D": "None of these"}
YES_NO = {"A": "yes", "B": "no", "C": "maybe"}
GREEK = {"A": "ΟΔΟΣ ΣΤΑΣΗ", "B": "Ισχίο", "C": "İZMİR", "D": "straße"}
CHINESE = {"A": "补锌", "B": "观察", "C": "手术", "D": "以上都不是"}
BROKEN = {"A": "two\nlines. here", "B": "Zinc", "C": " ", "D": "ends with a dot. "}
LIKE_LETTERS = {"A": "Vitamin B", "B": "Vitamin D", "C": "Vitamin A", "D": "Group A"}
SIXTEEN = {chr(65 + i): f"drug number {i}" for i in range(16)}
EMOJI = {"A": "\U0001F600 smile", "B": "\U0001F637 mask", "C": "a\u0301ccent", "D": "\ud83d half"}
SPACED = {"A": "  leading", "B": "Zinc.  Twice", "C": "tab\tinside", "D": "ends here\u2003"}
ITEMS = [FOUR, YES_NO, GREEK, CHINESE, BROKEN, LIKE_LETTERS, SIXTEEN, EMOJI, SPACED]

TEXTS = r"""
B
b
 B
B.
Zinc sulfate
zinc SULFATE
B. Zinc sulfate
b. zinc sulfate
B) Zinc sulfate
\boxed{B}
\boxed{b}
\boxed{ B }
\boxed{B. Zinc sulfate}
\boxed{Zinc sulfate}
\boxed{\text{B}}
\boxed{\text{Zinc sulfate}}
\boxed{\text{B}. Zinc sulfate}
\boxed{\text{C} or \text{B}}
\boxed{\textbf{B}}
\boxed{x = B}
\boxed{x=   B}
\boxed{a = b = C}
\boxed{\text{y = D}}
\boxed{}
\boxed
\boxed B
\boxed B {C}
\boxed } {A}
\boxed{B
\boxed{{B}
\boxed{B}}
\boxed{\boxed{B}}
\boxed{A} then \boxed{D}
\boxed{A} then \boxed{D
\boxed{\boxed{{B}
\fbox{B}
\fbox{x = C}
\boxed{see \fbox{C}}
\fbox{A} \boxed{D}
\text{B}
\text{k = B}
\text{B} and \text{C}
=B
k = B
The answer is B
The answer is B.
The answer is **B**
The answer is zinc sulfate
The answer is Zinc sulfate.
The answer is Nothing
the answer is	C
the answer isD
the answer is B, no, the answer is Z
the answer is B; or the answer is  C
ANSWER IS B
Answer: D
Final Answer: D
Final Answer:
Vitamin D is not the point
A patient came
A
A B C
A B C D
A.B.C.D
A,B,C,D
(A)(B)(C)
(A
A)
is A
is A patient
This is C
This is C or D
xA
Ax
_A_
-A-
#B#
'C'
"D"
*A* *B*
E
O
Option E is out
We give oxygen, then zinc sulfate.
We give zinc sulfate, then oxygen.
zinc
sulfate zinc
waiting watchfully
none of those
nothing at all fits
qqq
?
选A
答案是B
答案为C项
答案是 D
A项
补锌
观察观察
我选补锌治疗
AB型
甲A乙
甲A乙B丙
yes
no
Maybe
yes and no
no and yes
I do not know
οδοσ σταση
ΟΔΟΣ
ΟΔΟΣ ΣΤΑΣΗ
οδος στασης
izmir
i̇zmi̇r
İZMİR
STRASSE
straße
STRAẞE
Zinc
ends with a dot.
drug number 15
drug number 14 or drug number 3
The answer is O
(O) and (P)
(N)
N
vitamin b
Vitamin D
😀 smile
😷A😷
😷A😷B😷
𝐀
²A²
٣B٣
áA
Á C
leading
  leading
Zinc.  Twice
tab	inside
ends here
""".strip("\n").split("\n")

PIECES = ["A", "B", "C", "D", "E", "N", "O", "a", "b", "is ", "is", "answer is", "answer is ", "The ", " ", "  ", "\n", "\t",
          "\x1c", "\u00a0", "\u2003", "\u200b", ".", ",", ":", "*", "**", "(", ")", "'", '"', "#", "_", "-", "=", "{", "}",
          "\\boxed{", "\\boxed", "\\fbox{", "\\text{", "## Final Response\n\n", "是", "项", "为", "龙", "々", "\u0301", "ς",
          "Σ", "σ", "İ", "ß", "é", "1", "²", "٣", "😀", "𝐀", "zinc", "Zinc sulfate", "oxygen", "watchful ", "none of these",
          "yes", "no", "maybe", "补锌", "观察", "drug number 1", "drug number 15", "vitamin ", "group a", "here", "two",
          "smile", "οδος", "ΟΔΟΣ", "A. ", "B. "]


def invented():
    texts = TEXTS + [
        "", "B\n", "\nB", "B\n\n", "A\u2028B", "the answer is\n\n\x1c\u2003C", "the answer is\u200bC", "C\u0301",
        "a\u0301B", "\ud83dA\ude00", "before A) ## Final Response\n\nwatchful waiting", "## Final Response\n\nB",
        "D) ## Final Response\n\n", "D) ## Final Response\nnothing", "Σ", "ΑΣ", "ΑΣ.Α", "ΑΣ\u00adΑ ΑΣ'",
        "\\boxed{ΟΔΟΣ ΣΤΑΣΗ}", "two\nlines. here", "two lines. Here"]
    # Similarity to long texts: from 200 characters on, popular ones are ignored.
    words = ["zinc", "oxigen", "sulfat", "wait", "watch", "these", "nune", "smiley", "mask", "tab", "drog", "ja", "nay"]
    for length in (150, 197, 198, 199, 200, 201, 202, 300, 900):
        for seed in range(3):
            rng = random.Random(1000 * length + seed)
            text = ""
            while len(text) < length:
                text += rng.choice(words) + rng.choice([" ", ", ", "\u00e9", "\U0001F600", "-"])
            texts.append(text[:length])
    for i, text in enumerate(texts):
        for options in (FOUR, ITEMS[i % len(ITEMS)]):
            yield text, options
    rng = random.Random(1)
    for _ in range(150):
        yield piecewise(rng)


def piecewise(rng):
    text = "".join(rng.choice(PIECES) for _ in range(rng.randint(1, rng.choice([4, 12, 60]))))
    return text, rng.choice(ITEMS)


def judged(extract, match, text, options, letter):
    answer = options[letter]
    extracted = extract(text)
    listed = "\n".join(f"{k}. {v}" for k, v in options.items())
    matched = None
    if extracted.lower() == answer.lower():
        rule = "text"
    elif extracted.lower() == f"{letter}. {answer}".lower():
        rule = "letter_text"
    elif len(extracted) == 1 and extracted.lower() == letter.lower():
        rule = "letter"
    else:
        rule = "match"
        out, sys.stdout = sys.stdout, sys.stderr  # It prints the lines of options that it cannot read.
        matched = match(extracted, listed)
        sys.stdout = out
    return {"text": text, "options": options, "answer_idx": letter, "answer": answer, "extracted_answer": extracted,
            "rule": rule, "match_on_extracted": matched, "correct": rule != "match" or matched.lower() == letter.lower()}


def main():
    extract, match = originals(sys.argv[1])
    if len(sys.argv) > 2:
        rng = random.Random(7)
        cases = (piecewise(rng) for _ in range(int(sys.argv[2])))
    else:
        cases = invented()
    seen = set()
    for number, (text, options) in enumerate(cases):
        letter = "B" if options is FOUR else list(options)[number // 2 % min(4, len(options))]
        if (text, options["A"], letter) not in seen:
            seen.add((text, options["A"], letter))
            print(json.dumps(judged(extract, match, text, options, letter)))


if __name__ == "__main__":
    main()
