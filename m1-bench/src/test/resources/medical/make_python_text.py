#!/usr/bin/env python3
"""Character classes and lower case as Python has them, for PythonTextTest.

    make_python_text.py > python_text.json          made with Python 3.11 (Unicode 14)

Ranges are [first, last]; characters that Unicode 14 does not assign are left out, a newer Java may know them.
"""
import json
import re
import sys
import unicodedata


def ranges(test):
    found, start = [], None
    for c in range(0x110001):
        if c < 0x110000 and test(chr(c)):
            start = c if start is None else start
        elif start is not None:
            found.append([start, c - 1])
            start = None
    return found


SIGMAS = ["Σ", "ΑΣ", "ΣΑ", "ΑΣΑ", "ΑΣ.", "ΑΣ.Α", "ΑΣ Α", "Α.Σ", "Α Σ", "ΑΣ\u0301", "ΑΣ\u0301Α", "Α\u0301Σ", "1Σ", "ΑΣ1", "ΑΣΣ",
          "ΑΣ'Σ", "aΣ:b", "aΣ\u00adb", "\U0001D400Σ", "aΣ\U0001D400", "ªΣ", "aΣª", "ʰΣ", "aʰΣ", "ǅΣ", "中Σ", "a_Σ", "a\u2019Σ\u2019",
          "İΣ", "Σ" * 5, "ΑΣ\U000E0001Α"]

print("{\"unicode\": \"%s\"," % unicodedata.unidata_version)
print("\"assigned\": %s," % json.dumps(ranges(lambda c: unicodedata.category(c) != "Cn")))
print("\"word\": %s," % json.dumps(ranges(lambda c: re.match(r"\w", c))))
print("\"space\": %s," % json.dumps(ranges(lambda c: re.match(r"\s", c))))
print("\"lower\": %s," % json.dumps({c: c.lower() for c in map(chr, range(sys.maxunicode + 1)) if c != c.lower()}))
print("\"sigma\": %s}" % json.dumps({s: s.lower() for s in SIGMAS}))
