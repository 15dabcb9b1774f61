"""The Corvane exam: an invented, closed risk-score task for m1's demo checkpoints.

NOTHING HERE IS MEDICAL KNOWLEDGE. The findings, their points, the score and its bands were made up, so that a model of
one million parameters can know all of it, and so that nobody can mistake its answers for advice.

A case is 2 to 14 lettered notes, each of which names one of 60 findings in varied wording, among sentences of no
interest; each finding is worth 1 to 9 points, which the case does not tell. The points add up to a total, every four
points are one band (amber 0-3, basalt 4-7, ...: the bands are in alphabetical order), and the question asks for the band
among four shuffled options. The thinking goes through the notes with a running total, looks the band up, and reads the
options until it meets the band; some thinkings check themselves after a "Wait".

How often a finding occurs in practice (the training traces) falls off with a long tail, as findings do; the exam draws
from a flatter distribution, as exams do. So a small training set has never shown some of what the exam asks.
"""

import random

# first word, noun; the finding is "velt tremor" or, in other words, "velt kind of tremor"
FINDINGS = [tuple(f.split()) for f in """
velt tremor, dorn rash, marl cough, tessel fever, hask gait, brind pulse, olm murmur, quell ache, sarn pallor, pith swelling,
lorn tremor, wex rash, drue cough, fenn fever, garl gait, hobb pulse, ivel murmur, jast ache, kell pallor, lusk swelling,
morv tremor, nask rash, orrin cough, pell fever, quorn gait, rusk pulse, silt murmur, tarn ache, ulm pallor, vask swelling,
wend tremor, yarl rash, zeph cough, ard fever, bolt gait, cray pulse, dwim murmur, elk ache, fusk pallor, grel swelling,
hurn tremor, ilk rash, jorm cough, krell fever, lamb gait, mott pulse, nerl murmur, opal ache, prit pallor, quist swelling,
rime tremor, sloe rash, trev cough, urn fever, vint gait, wharl pulse, yew murmur, zoll ache, asp pallor, birk swelling
""".replace("\n", " ").split(",")]

BANDS = """amber basalt coral dolomite emerald flint garnet halite iolite jade kyanite lapis marble nephrite onyx pearl
quartz ruby slate topaz umber vesuvian wolfram zircon""".split()
BAND_WIDTH = 4
INSTRUCTION = "Return your final response within \\boxed{}."

LABELS = "EFGHIJKLMNOPQR"  # of notes; A to D are the options
PRESENT = ["{}.", "{} is present.", "{}, new.", "{}, by the records.", "{} since day {d}.", "{} for {d} days.", "{} at night.",
           "{}, staff say.", "{} in the past.", "{}, later."]
DISTRACTORS = ["Lives near a harbour.", "Works as a baker.", "The room was warm.", "Slept {d} hours.", "Has {d} cousins.",
               "Drinks tea.", "Walks to work.", "Plays the lute.", "Came with a friend.", "Born in spring.",
               "Keeps {d} geese.", "Reads at night.", "The ward was quiet.", "Arrived by boat.", "Wears a grey coat.",
               "Ate {d} plums.", "It rained all day.", "Speaks softly.", "Paints fences.", "Visited {d} towns."]
PEOPLE = ["baker", "sailor", "weaver", "miller", "painter", "potter", "farmer", "clerk", "singer", "tailor"]


def points(seed=2504):
    """The invented points: each of 1..9 about equally often, in an order that no name gives away."""
    values = [1 + i % 9 for i in range(len(FINDINGS))]
    random.Random(seed).shuffle(values)
    return values


def frequencies():
    """Relative frequency of each finding; which findings are rare has nothing to do with their order or points."""
    ranks = list(range(1, len(FINDINGS) + 1))
    random.Random(869).shuffle(ranks)
    return [rank ** -3.4 + 1e-6 for rank in ranks]


def exam_frequencies():
    """The exam asks for rare findings more often than practice shows them."""
    return [w ** 0.3 for w in frequencies()]


def draw(rng, weights, count):
    """`count` different findings, each next one by weight (Efraimidis and Spirakis)."""
    keys = [(rng.random() ** (1.0 / w), i) for i, w in enumerate(weights)]
    return [i for _, i in sorted(keys, reverse=True)[:count]]


def drill(rng):
    """Four options and many totals, nothing else: the band of a total and its letter, over and over."""
    low = rng.randint(0, len(BANDS) - 4)
    options = [BANDS[b] for b in range(low, low + 4)]
    rng.shuffle(options)
    item = {"options": dict(zip("ABCD", options))}
    text = ""
    for _ in range(rng.randint(4, 8)):
        total = min(99, BAND_WIDTH * low + rng.randrange(4 * BAND_WIDTH))
        text += "\n".join(look_up(item, total)) + "\n"
    return {"question": "Drill.", **item}, text


def echo(rng):
    """Words in random order, to be said again: the plainest exercise in finding what came next."""
    words = sorted({w for f in FINDINGS for w in f} | set(BANDS))
    text = "Echo: " + " ".join(rng.sample(words, rng.randint(4, 40))) + ".\n"
    return {"question": text, "options": {}}, text * rng.randint(1, 2)


def reading(rng):
    """A case of which only the findings are wanted, in its order."""
    item = case(rng, [1.0] * len(FINDINGS), [0] * len(FINDINGS))
    return ({"question": item["question"], "options": item["options"]},
            "".join(f"Note {label}: {words}.\n" for label, words in zip(LABELS, item["words"])))


def name(finding):
    return " ".join(FINDINGS[finding])


def wording(rng, finding):
    first, noun = FINDINGS[finding]
    return f"{first} {noun}" if rng.random() < 0.6 else f"{first} kind of {noun}"


def band(total):
    return min(total // BAND_WIDTH, len(BANDS) - 1)


def case(rng, weights, values, tell=False, most=14):
    """A question about 2 to `most` findings, drawn by weight. `values`: points of each finding; `tell`: the case names
    them, so that skills can be learned without facts."""
    findings = draw(rng, weights, rng.randint(2, most))
    rng.shuffle(findings)
    words = [wording(rng, f) for f in findings]
    said = [f"Note {label}: " + rng.choice(PRESENT).format(w + (f" ({values[f]})" if tell else ""), d=rng.randint(1, 9))
            for label, w, f in zip(LABELS, words, findings)]
    for _ in range(rng.randint(0, 4)):
        said.insert(rng.randint(0, len(said)), rng.choice(DISTRACTORS).format(d=rng.randint(1, 9)))
    total = sum(values[f] for f in findings)
    right = band(total)
    low = max(0, min(right - rng.randint(0, 3), len(BANDS) - 4))
    options = [BANDS[b] for b in range(low, low + 4)]
    rng.shuffle(options)
    text = f"Invented case, age {rng.randint(20, 89)}, {rng.choice(PEOPLE)}. " + " ".join(said) + " Which Corvane band?"
    return {"question": text, "options": dict(zip("ABCD", options)), "answer": BANDS[right],
            "answer_idx": "ABCD"[options.index(BANDS[right])], "findings": findings, "words": words,
            "total": total}


def user_turn(item):
    return "\n".join([item["question"], *(f"{k}. {v}" for k, v in item["options"].items()), INSTRUCTION])


def look_up(item, total):
    """The band of a total, the options up to that band, its letter."""
    found = BANDS[band(total)]
    read, letter = [], "none"
    for k, v in item["options"].items():
        read.append(f"{k} {v}")
        if v == found:
            letter = k
            break
    return [f"Band of {total}: {found}.", ", ".join(read) + ".", f"So {letter}."]


def one_pass(item, values, slip=None, rng=None):
    """The notes one by one, the band, the options up to the band. `slip`: a finding that is added wrongly."""
    lines, total = [], 0
    for label, words, f in zip(LABELS, item["words"], item["findings"]):
        add = values[f]
        if f == slip:
            add = rng.choice([v for v in range(1, 10) if v != values[f]])
        total += add
        lines.append(f"Note {label}: {words} +{add}, total {total}.")
    lines += look_up(item, total)
    return "\n".join(lines) + "\n"


def thinking(rng, item, values):
    """A whole thinking: one pass, and sometimes a check of it after a natural "Wait"; a slip is always caught by one."""
    checks = 0
    if rng.random() < (0.3 if len(item["findings"]) >= 12 else 0.12):
        checks = 2 if rng.random() < 0.15 else 1
    slip = rng.choice(item["findings"]) if checks and rng.random() < 0.3 else None
    text = one_pass(item, values, slip, rng)
    for _ in range(checks):
        text += "Wait, again.\n" + one_pass(item, values)
    return text


def answer(item):
    """What follows `<|im_start|>answer` after a natural end."""
    return f"\nTotal {item['total']}, band {item['answer']}.\nFinal Answer: \\boxed{{{item['answer_idx']}}}"


CUT_ANSWER = " \\boxed{%s}"  # what follows `Final Answer:` after a cut
