"""Writes jinja_goldens.json: small templates of our own, rendered by jinja2 with the settings of transformers.

Run beside the file:  python make_jinja_goldens.py
Needs jinja2 3.1 only. The environment repeats what transformers.utils.chat_template_utils sets up: an
ImmutableSandboxedEnvironment with trim_blocks and lstrip_blocks, loop controls, a generation tag, json.dumps as tojson,
raise_exception and strftime_now (here a fixed moment). Each case is {group, template, context, output} or, where jinja2
raises, {group, template, context, error}, error being the type and message of the exception.
"""

import json
import platform
from datetime import datetime
from pathlib import Path

import jinja2
from jinja2 import nodes
from jinja2.ext import Extension
from jinja2.sandbox import ImmutableSandboxedEnvironment

NOW = datetime(2024, 7, 6, 5, 4, 3, 21)


class Generation(Extension):
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(("name:endgeneration",), drop_needle=True)
        return nodes.CallBlock(self.call_method("_body"), [], [], body).set_lineno(line)

    def _body(self, caller):
        return caller()


def environment():
    env = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols]
    )

    def raise_exception(message):
        raise jinja2.exceptions.TemplateError(message)

    def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
        return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)

    env.filters["tojson"] = tojson
    env.globals["raise_exception"] = raise_exception
    env.globals["strftime_now"] = NOW.strftime
    return env


ENV = environment()
CASES = []

MESSAGES = [
    {"role": "system", "content": "  Be brief.\n"},
    {"role": "user", "content": "Hi <b>you</b> & me"},
    {"role": "assistant", "content": "<think>\nhm\n</think>\n\nHello!"},
    {"role": "user", "content": "Naïve café 😀 – ok?"},
]
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "It's \"sunny\" in <b>Zürich</b>\n\ttab \\ slash / end",
            "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string", "enum": ["a", "b"]}, "n": {"type": ["integer", "null"]}},
                "required": ["city"],
            },
        },
    }
]
USERS = [
    {"name": "bob", "age": 30, "city": "Rome", "tags": ["x", "y"], "address": {"zip": "1"}},
    {"name": "Alice", "age": 25, "city": "oslo", "tags": [], "address": {"zip": "2"}},
    {"name": "carol", "age": 30, "city": "Oslo", "tags": ["z"], "address": {"zip": "0"}},
]
BASE = {
    "messages": MESSAGES,
    "tools": TOOLS,
    "users": USERS,
    "s": "Hello, World",
    "text": "  a b\tc\n d  ",
    "multi": "one\ntwo\r\nthree\n\nfive",
    "uni": "ÄÖü ß 😀 e\u0301 ﬁ Ǆ İ",
    "empty": "",
    "n": 7,
    "neg": -7,
    "zero": 0,
    "f": 2.5,
    "big": 12345678901234567890,
    "t": True,
    "no": False,
    "nil": None,
    "nums": [3, 1, 2],
    "mixed": [1, "a", None, 2.5, True, [1], {"k": "v"}],
    "d": {"b": 2, "a": 1, "c": {"x": [1, 2]}},
    "words": ["banana", "Apple", "cherry", "apple"],
    "nested": [[1, 2], [3, 4]],
}


def add(group, *templates, **context):
    for template in templates:
        CASES.append((group, template, {**{k: BASE[k] for k in BASE if k in template}, **context}))


def expressions(group, *sources, **context):
    add(group, *("{{ " + source + " }}" for source in sources), **context)


add("text", "", "plain", "a\n", "a\n\n", "\n", "a\r\nb\rc\n", "{", "{ {", "}}", "%}", "#}", "a { b } c", "é😀\u2028x", "{{ 1 }}", "a{{ 1 }}b{{ 2 }}c")
add(
    "whitespace",
    "a {%- if true -%} b {%- endif -%} c", "a {% if true %} b {% endif %} c", "a\n{% if true %}\nb\n{% endif %}\nc",
    "a\n  {% if true %}\n  b\n  {% endif %}\n  c", "a\n  {%+ if true %}\n  b\n  {%+ endif %}\n  c",
    "a\n  {% if true +%}\n  b\n  {% endif +%}\n  c", "a\n\t {%- if true %}\n  b\n {%- endif %}\n  c",
    "a\n  {{ 1 }}\n  b", "a\n  {{- 1 -}}\n  b", "a\n  {{+ 1 }}\n  b", "{{-1}}", "{{+1}}", "{{ -1 }}", "{{- -1 -}}",
    "  {% if true %}x{% endif %}", "  {% if true %}\n  {% if true %}x{% endif %}\n  {% endif %}", " x {% if true %}\n\n\ny{% endif %}",
    "{% if true %} {% endif %}|", "{% if true %}\n{% endif %}|", "a{# c #}b", "a {#- c -#} b", "a\n  {# c #}\n  b", "a\n  {#+ c +#}\n  b",
    "a\n  {# c\n d #}\n\n  b", "{#-#}x", "{##}x", "{#- #}\n x", "x {# a #} {# b #} y", "{# {{ 1 }} {% if %} #}x", "{# a -#}\n\n y",
    "{{ 1 -}}\u00a0\u2003 x", "x \u00a0{{- 1 }}", "{% if true %}\r\nx{% endif %}", "  {{ 1 }}\n{% if true %}\n {% endif %}\n",
    "\n{% if true %}a{% endif %}", "{% set x = 1 %}\n{% set y = 2 %}\n{{ x }}{{ y }}\n", "a\n    {%- set x = 1 %}\n    b",
    "{%- for i in [1,2] %}\n  {{- i }}\n{%- endfor %}\n", "{% for i in [1,2] -%}\n  {{ i }}\n{% endfor %}", "{%if true%}x{%endif%}",
    "{%-if true-%} x {%-endif-%}", "{{1}}{{2}}", "{{ 1\n+\n2 }}", "{% if true\n%}x{% endif %}", "x\n   {%- raw %}\n {{ a }} {% endraw %}\n y",
    "{% raw %}{{ x }}{% endraw %}", "{% raw -%}  {{ x }}  {%- endraw %} y", "a\n  {% raw %}\n  {% if %}\n  {% endraw %}\nb", "{%- raw -%} {# x #} {%- endraw -%} y",
    "{% raw %}{% endraw +%}\nx", "{% raw %} {% endrawx %} {% endraw %}",
)
add(
    "syntax", "{{", "{{ 1", "{% if true %}", "{% if %}x{% endif %}", "{% endif %}", "{% foo %}", "{# x", "{% raw %}x", "{{ 1 }", "{{ ) }}",
    "{{ (1 }}", "{{ (1] }}", "{{ 'a }}", "{{ 1 2 }}", "{{ a b }}", "{{ }}", "{% %}", "{% for x %}{% endfor %}", "{% for x in %}{% endfor %}",
    "{% for x in [1] %}", "{% for 1 in [1] %}{% endfor %}", "{% set 1 = 2 %}", "{% set true = 2 %}", "{% set x %}", "{% else %}", "{% if true %}{% else %}{% else %}{% endif %}",
    "{% if true %}{% endfor %}", "{% macro %}{% endmacro %}", "{% macro m(a=1, b) %}{% endmacro %}", "{{ x | }}", "{{ x | nosuch }}", "{{ x is nosuch }}",
    "{% if no %}{{ n | nosuch }}{% endif %}ok", "{% if t %}{{ n | nosuch }}{% endif %}ok", "{% if no %}{{ n is nosuch }}{% endif %}ok", "{{ n is }}", "{{ n is defined is defined }}", "{{ $ }}", "{{ a ! b }}", "{{ 'a' ? }}", "{{ f(a=1, 2) }}", "{{ f(**d, 1) }}", "{{ f(*nums, *nums) }}",
    "{% break %}", "{% continue %}", "{% for x in nums %}{% macro m() %}{% break %}{% endmacro %}{% endfor %}", "{% for x in nums %}{% set loop = 1 %}{% endfor %}",
    "{% for loop in nums %}{% endfor %}", "{% call 1 %}{% endcall %}", "{% if true %}{% elif %}{% endif %}", "{{ {1:2 }}", "{{ {1} }}", "{{ [1,,2] }}", "{{ . }}", "{{ x. }}", "{{ x[ }}",
    "{{ 0x }}", "{{ 0123 }}", "{{ 1. }}", "{{ 'a' 'b' \"c\" }}", "{% if true: %}x{% endif %}", "{% set x = 1, %}{{ x }}", "{{ 1, 2 }}", "{{ () }}", "{{ (1,) }}", "{{ (1) }}",
    "{% print 1, 'a' %}", "{% for x in nums recursive %}{{ x }}{% endfor %}", "{% set x = 1 if true %}{{ x }}", "{{ not }}", "{{ a.b.c }}", "{{ [1, 2,] }}", "{{ {'a': 1,} }}", "{{ dict(a=1,) }}",
    "{% extends 'x' %}", "{% include 'x' %}", "{% import 'x' as y %}",
)
expressions(
    "literals", "'a'", '"a"', "'a\\nb'", "'a\\tb\\\\c'", "'it\\'s'", '"q\\"q"', "'\\x41\\u00e9\\U0001F600'", "'\\101\\0'|length", "'\\q\\é\\中'", "'a\\\nb'",
    "'\\a\\b\\f\\v\\r'|tojson", "'\\x4'", "'\\u12'", "'a\nb'", "'{{ x }}'", "'}}'", "'%}'", "1", "0", "00", "1_000", "0x1F", "0b101", "0o17", "1.5", "1e3", "1.5e-3", "1E5", "10.0", "1_0.5",
    "123456789012345678901234567890", "true", "True", "false", "False", "none", "None", "[1, 'a', true]", "[]", "{}", "{'a': 1, 'b': [2]}", "(1, 2)", "()", "[[1], (2,), {3: 4}]", "{1: 'a', 2.5: 'b', none: 'c', true: 'd'}", "{'a': 1, 'a': 2}", "{[1]: 2}", "{(1, 2): 3}",
)
expressions(
    "arithmetic", "1 + 2 * 3", "(1 + 2) * 3", "7 / 2", "6 / 2", "7 // 2", "-7 // 2", "7 // -2", "-7 % 3", "7 % -3", "7.5 // 2", "7.5 % 2", "-7.5 % 2", "2 ** 10", "2 ** -1", "2 ** 0.5", "-2 ** 2", "2 ** 3 ** 2",
    "(-8) ** 2", "1 / 0", "1 // 0", "1 % 0", "1.0 / 0", "1.0 // 0", "1.0 % 0", "0 ** 0", "0 ** -1", "0.1 + 0.2", "1e16 + 1", "1e300 * 1e10", "9223372036854775807 + 1", "-9223372036854775807 - 2", "9223372036854775807 * 3", "4611686018427387904 * 2", "-9223372036854775808 // -1", "2 ** 64 - 1", "2 ** 64 // 3", "2 ** 64 % 1000", "(2 ** 70) / (2 ** 69)", "10 ** 20 / 3",
    "1 - 2 - 3", "100 / 10 / 5", "2 * 3 % 4", "-n", "+n", "--n", "-f", "-t", "+t", "t + t", "t * 3", "n + f", "'a' + 'b'", "'a' * 3", "3 * 'ab'", "'a' * -1", "'a' * t", "[1] + [2]", "[1, 2] * 2", "(1,) + (2,)", "[1] + (2,)", "'a' + 1", "1 + 'a'", "none + 1", "'a' - 'b'", "'a' * 'b'", "[1] * 1.5", "-'a'", "-none", "{} + {}",
    "'a' ~ 1 ~ none ~ true ~ 2.0 ~ [1]", "1 ~ 2", "1 + 2 ~ 3", "1 ~ 2 + 3", "1 ~ 2 * 3", "'a' ~ missing ~ 'b'", "missing + 1", "1 + missing", "missing * 2", "'a' * missing", "-missing", "10 // 3.0", "-0.0", "0.0 * -1", "5 % 5.0", "1e400", "n - -n", "2 - f",
)
expressions(
    "floats", "1.0", "100.0", "1e15", "1e16", "1e17", "123456789012345678.0", "0.0001", "0.00001", "1.5e-7", "1e22", "1e23", "1.1", "3.14159265358979", "1e100", "5e-324", "1.7976931348623157e308", "2.5e10", "1/3", "2/3", "1e2", "12345.678", "0.1 * 3", "1e-4", "9007199254740993.0", "[1.0, 1e20]",
)
expressions(
    "comparison", "1 == 1", "1 == 1.0", "1 == true", "0 == false", "1 == '1'", "none == none", "none == false", "'a' == 'a'", "[1, 2] == [1, 2]", "[1] == (1,)", "{'a': 1} == {'a': 1.0}", "{'a': 1, 'b': 2} == {'b': 2, 'a': 1}", "1 != 2", "1 < 2", "1 < 2 < 3", "1 < 3 < 2", "3 > 2 >= 2", "1 == 1 == 1", "'a' < 'b'", "'B' < 'a'", "'a' < 'ab'", "'\\uffff' < '\\U0001F600'", "[1, 2] < [1, 3]", "[1] < [1, 0]", "(1, 2) >= (1, 2)", "1 < 'a'", "none < 1", "[1] < (2,)", "{} < {}", "1.5 > 1", "true > false", "missing == missing", "missing == none", "missing == ''", "missing < 1", "1 < missing", "2 ** 64 > 1e19", "2 ** 53 + 1 == 2.0 ** 53", "n == 7.0", "range(3) == range(3)", "[range(2)] == [[0, 1]]",
    "'a' in 'abc'", "'' in 'abc'", "'ac' in 'abc'", "1 in [1, 2]", "1.0 in [1]", "'1' in [1]", "'a' in {'a': 1}", "1 in {'a': 1}", "1 in range(3)", "3 in range(3)", "'a' not in 'abc'", "not 'a' in 'abc'", "1 in 'abc'", "1 in 5", "1 in none", "1 in missing", "missing in [1]", "missing in 'abc'", "[1] in [[1]]", "'k' in d", "'a' in d and 'b' in d", "[1] in {}", "1 in (1, 2)", "none in [none]", "'b' in d.keys()", "2 in d.values()", "('a', 1) in d.items()", "1 in nums|map('abs')", "1 in true",
)
expressions(
    "logic", "true and false", "true or false", "not true", "not not 1", "1 and 2", "0 and 2", "1 or 2", "0 or 2", "'' or 'x'", "none or 0", "[] and 1", "1 and 0 or 3", "not 0 and 1", "not (0 and 1)", "not 1 == 2", "missing or 'd'", "missing and 1", "0 or missing", "1 if true else 2", "1 if false else 2", "1 if false", "(1 if false) is defined", "1 if 0 else 2 if 0 else 3", "(1 if true else 2) + 1", "'a' if n > 5 else 'b'", "1 if missing else 2", "[1 if no else 2, 3]", "1 + 1 if t else 5", "x if x is defined else 'u'", "not n is odd", "n is odd and n is number", "1 or missing.x", "(0.0 or 'z')", "{} or []", "range(0) or 'e'", "(1 if false).x",
)
expressions(
    "names", "missing", "missing.a", "missing['a']", "missing.a.b", "s", "nil", "t", "n.x", "n.x.y", "s.nope", "s['nope']", "d.a", "d['a']", "d.nope", "d.nope.x", "d['nope']['x']", "d.c.x[0]", "d.c.x.1", "d['c']['x'][-1]", "nums[0]", "nums[-1]", "nums[5]", "nums[-4]", "nums.0", "nums['x']", "nums[1.0]", "nums[true]", "nums[none]", "s[0]", "s[-1]", "s[99]", "uni[7]", "uni[-1]", "uni.7", "nested[1][0]", "nested.1.0", "d[missing]", "d[[1]]", "d[none]", "nil.x", "nil['x']", "n[0]", "(1, 2)[1]", "'abc'[1]", "[1, 2][0]", "{'a': 1}.a", "{'a': 1}['a']", "{1: 'x'}[1]", "{1: 'x'}[true]", "{1: 'x'}['1']", "range(5)[2]", "range(5)[-1]", "range(5)[9]", "d.keys", "d.items()|list", "{'items': 5}.items()|list", "{'items': 5}['items']", "{'items': 5}.items", "messages[0].role", "messages[0]['content']", "messages[-1].content", "d.__class__", "s.__class__", "s['__class__']", "d.__class__.x", "nums.append", "nums.append(1)", "d.update({})", "d.pop('a')", "nums.pop()", "nums.sort()", "nums.extend([1])", "d.clear()", "nums['append'](1)", "(nums.append is defined)", "n()", "s()", "none()", "missing()", "d.a()", "nums[1:2][0]", "n.real.x.y is defined" if False else "n", "true.x", "f.nope",
)
expressions(
    "slices", "s[1:3]", "s[:3]", "s[3:]", "s[:]", "s[-3:]", "s[:-3]", "s[::2]", "s[::-1]", "s[5:1:-1]", "s[5:1]", "s[1:100]", "s[-100:2]", "s[100:]", "s[::-3]", "s[10::-2]", "s[:0]", "uni[5:9]", "uni[::-1]", "uni[-3:]", "uni[::2]", "nums[1:]", "nums[:1]", "nums[::-1]", "nums[::2]", "nums[-2:]", "(1, 2, 3)[1:]", "range(10)[2:5]", "range(10)[::3]|list", "range(10)[::-2]|list", "nums[::0]", "s[::0]", "s['a':]", "s[1.5:]", "s[none:2]", "d[1:]", "n[1:]", "missing[1:]", "nil[1:]", "nums[t:]", "messages[1:]|length", "messages[::-1]|map(attribute='role')|join(',')", "nested[1:][0]", "'abcdef'[-2:-5:-1]", "'abc'[1:][0]", "s[missing:]", "[1,2,3,4,5][-2::-2]", "s[9223372036854775807:]", "s[::9223372036854775807]", "s[-9223372036854775808:]", "nums[1:2, 0]" if False else "nums[0:0]",
)
expressions(
    "printing", "mixed", "d", "nested", "[none, true, 1.0]", "'a\"b'", "['a']", "[\"it's\"]", "['q\"q']", "['both\\'\"']", "['\\n\\t\\\\\\x00\\x7f\\xa0é😀\\u200b\\u2028']", "{'a': none}", "(1,)", "()", "range(3)", "range(1, 10, 2)", "d.keys()", "d.values()", "d.items()", "[missing]", "namespace(a=1)", "[[]]", "{1: {2: 3}}", "[uni]", "messages", "tools", "[2 ** 70]", "[-0.0]", "['\\ud800']" if False else "['a']", "[range(2)]", "true ~ ''",
)
expressions(
    "string methods", "text.strip()", "text.lstrip()", "text.rstrip()", "'xxaxx'.strip('x')", "'xyaxy'.lstrip('xy')", "'xyaxy'.rstrip('yx')", "'abc'.strip('')", "text.strip(none)", "'\\n\\na\\n'.strip('\\n')", "'  '.strip()", "'\\u3000a\\u2003'.strip()", "'😀a😀'.strip('😀')", "s.upper()", "s.lower()", "s.swapcase()", "'hello world'.title()", "\"it's they're\".title()", "'hELLO wORLD'.capitalize()", "''.capitalize()", "uni.upper()", "uni.lower()", "uni.title()", "uni.capitalize()", "uni.swapcase()", "'ß'.upper()", "'ßa'.capitalize()", "'ΑΣ'.lower()", "'a1b c-d_e'.title()", "'STRASSE'.casefold()", "'ŉ'.title()", "'ﬁx'.capitalize()",
    "'a,b,c'.split(',')", "'a,b,c'.split(',', 1)", "'a,b,c'.split(',', maxsplit=1)", "'a,b,c'.split(sep=',')", "'a  b '.split()", "' a b c '.split(none, 1)", "''.split()", "''.split(',')", "' '.split(' ')", "'a,,b'.split(',')", "',a,'.split(',')", "'abc'.split('')", "'a<sep>b'.split('<sep>')", "'a,b,c'.split(',', 0)", "'a,b,c'.split(',', -1)", "'a b  c'.rsplit()", "'a,b,c'.rsplit(',', 1)", "'a b c '.rsplit(none, 1)", "' a b c '.rsplit(none, 2)", "'aaa'.rsplit('aa', 1)", "'aaa'.rsplit('aa')", "'aaa'.split('aa')", "' a  b '.rsplit()", "range(9)[7:2:-2]", "range(3)[2:]", "('<a>'|e)|list", "'{:>5}|'.format(true)", "',' % missing", "nums|items is iterable", "{range(2): 1}[range(2)]", "d|truncate(5)", "1_2.5e1_0", "1__2", "0_0", "0_1", "0b1_0", "0x_f", "1.5.x", "[1,2].0.x", "'1_2.5'|float", "'1_.5'|float", "'5e-324'|float", "1e-323", "'a,b'.rsplit(',', 5)", "'abcabc'.split('bc')", "text.split()", "text.split('\\n')", "multi.splitlines()", "multi.splitlines(true)", "multi.split('\\n')", "'a\\x0bb\\x1cc\\x85d\\u2028e'.splitlines()", "''.splitlines()", "'\\n'.splitlines()", "'a\\r'.splitlines(keepends=true)",
    "s.startswith('Hell')", "s.startswith('ell')", "s.startswith('ell', 1)", "s.startswith(('x', 'H'))", "s.startswith('')", "s.startswith('', 50)", "s.endswith('ld')", "s.endswith(('x', 'd'))", "s.endswith('Wor', 0, 10)", "s.endswith('')", "s.startswith(1)", "s.startswith(['a'])", "s.startswith()", "s.endswith('World', -5)",
    "s.replace('l', 'L')", "s.replace('l', 'L', 1)", "s.replace('l', '')", "'abc'.replace('', '-')", "'abc'.replace('', '-', 2)", "''.replace('', 'x')", "'aaa'.replace('aa', 'b')", "s.replace('x', 'y')", "s.replace('l', 'L', 0)", "s.replace('l', 'L', -1)", "'é😀'.replace('', '.')", "s.replace('l')", "s.replace(1, 'a')", "s.replace('l', 'L', count=1)",
    "s.find('o')", "s.rfind('o')", "s.find('zz')", "s.find('o', 5)", "s.find('o', 5, 7)", "s.rfind('o', 0, 5)", "s.find('')", "s.rfind('')", "s.find('', 20)", "uni.find('e')", "uni.rfind('e')", "s.index('W')", "s.index('zz')", "s.rindex('o')", "s.count('l')", "s.count('')", "'aaaa'.count('aa')", "s.count('l', 4)", "uni.count('')", "s.count('o', 0, 5)",
    "','.join(['a', 'b'])", "','.join([])", "','.join('abc')", "','.join([1])", "''.join(words)", "', '.join(d)", "'-'.join(('a',))", "','.join(words|map('upper'))", "s.join(1)",
    "'123'.isdigit()", "'12a'.isdigit()", "''.isdigit()", "'²'.isdigit()", "'½'.isnumeric()", "'½'.isdigit()", "'١'.isdecimal()", "'abc'.isalpha()", "'ab1'.isalpha()", "'éß中'.isalpha()", "'ab1'.isalnum()", "'a b'.isalnum()", "' \\t\\n'.isspace()", "''.isspace()", "'abc'.islower()", "'aBc'.islower()", "'a1!'.islower()", "'1'.islower()", "'ABC'.isupper()", "'A1'.isupper()", "'abc'.isascii()", "'é'.isascii()", "''.isascii()",
    "'42'.zfill(5)", "'-42'.zfill(5)", "'+42'.zfill(2)", "''.zfill(3)", "'a'.center(4)", "'a'.center(5, '*')", "'ab'.center(5, '*')", "'a'.ljust(3) ~ '|'", "'a'.rjust(3, '.')", "'abc'.ljust(2)", "'a'.ljust(3, 'xy')", "'a=b=c'.partition('=')", "'a=b=c'.rpartition('=')", "'abc'.partition('x')", "'abc'.rpartition('x')", "'abc'.partition('')", "'prefix-a'.removeprefix('prefix-')", "'a.txt'.removesuffix('.txt')", "'a'.removeprefix('b')", "'a'.removesuffix('')",
    "s.nope()", "s.upper(1)", "s.strip('a', 'b')", "s.upper().lower().title()", "s.split(', ')[1][0]", "s.split(',')[-1].strip()", "messages[2].content.split('</think>')[-1].lstrip('\\n')", "messages[2].content.split('</think>')[0].rstrip('\\n').split('<think>')[-1].lstrip('\\n')", "s.split(',', missing)", "s.split(1)",
)
expressions(
    "formatting", "'{} {}'.format(1, 'a')", "'{0} {1} {0}'.format(1, 'a')", "'{a} {b}'.format(a=1, b=none)", "'{a.x} {b[0]} {c[k]}'.format(a={'x': 1}, b=[2], c={'k': 3})", "'{{}} {}'.format(1)", "'{:>5}|{:<5}|{:^5}'.format('a', 'b', 'c')", "'{:*^7}'.format('abc')", "'{:5}|{:5}'.format('a', 1)", "'{:05d}'.format(-42)", "'{:+d} {: d}'.format(1, 2)", "'{:.2f} {:8.3f}|'.format(3.14159, 2.5)", "'{:,}'.format(1234567)", "'{:,.2f}'.format(1234567.891)", "'{:_}'.format(1234567)", "'{:x} {:X} {:o} {:b} {:#x}'.format(255, 255, 8, 5, 255)", "'{:e} {:.1E}'.format(12345.678, 0.00012)", "'{:%} {:.1%}'.format(0.25, 0.5)", "'{!r} {!s}'.format('a', 'b')", "'{:.2}'.format('abc')", "'{} {'.format(1)", "'}'.format(1)", "'{'.format(1)", "'{} {}'.format(1)", "'{0} {}'.format(1)", "'{} {0}'.format(1)", "'{a}'.format()", "'{:d}'.format('a')", "'{:d}'.format(1.5)", "'{:f}'.format(1)", "'{}'.format(missing)", "'{}'.format([1, 'a'])", "'{:5}'.format([1])", "'{}'.format(true)", "'{:d}'.format(true)", "'{:.0f} {:.0f} {:.0f}'.format(0.5, 1.5, 2.5)", "'{:.3f}'.format(2.0005)", "'{:>{}}'.format('a', 5)" if False else "'{:>5}'.format('a')", "'{a.__class__}'.format(a=1)", "'{:f}'.format(1e20)", "'{:6.2f}'.format(-1.005)", "'{:<6.1f}|'.format(1.25)", "'{:=+5d}'.format(3)", "'{0[1]}'.format([1, 2])",
    "'%s' % 'a'", "'%s %s' % ('a', 1)", "'%d' % 42", "'%d' % 42.9", "'%5d|%-5d|%05d' % (1, 2, 3)", "'%.2f' % 3.14159", "'%5.1f|' % 2.25", "'%x %X %o' % (255, 255, 8)", "'%r' % 'a'", "'%s' % [1]", "'%%' % ()", "'%s%%' % 5", "'%(a)s %(b)d' % {'a': 1, 'b': 2}", "'%s' % none", "'%s %s' % 'a'", "'%s' % ('a', 'b')", "'%d' % 'a'", "'%q' % 1", "'%' % 1", "'%s' % (1,)", "'%+d % d' % (1, 2)", "'%e' % 12345.678", "'%10s|%-10s|' % ('a', 'b')", "'%.2s' % 'abc'", "'a' % 1", "'a' % ()", "'a' % []", "'a' % {}", "'%s' % missing", "'%s %s'|format('a', 'b')", "'%(x)s'|format(x=5)", "'%s'|format(1, x=2)", "'%i' % 5", "'%#x' % 255", "'%s' % true", "'%d' % true", "'%05.1f' % -2.25", "'%c' % 'a'" if False else "'%s' % 'c'", "7 % 'a'", "'%s' % d", "'%-05d|' % 3",
)
expressions(
    "dict methods", "d.items()|list", "d.keys()|list", "d.values()|list", "d.get('a')", "d.get('z')", "d.get('z', 5)", "d.get('z', default=5)", "d.get()", "d.get('a', 1, 2)", "d.items()|length", "d.keys()|join(',')", "d.copy()", "d.nope()", "d.keys()[0]", "d.items()|first", "d.values()|last", "dict(a=1, b=2)", "dict(d)", "dict(d, z=1)", "dict([['a', 1], ('b', 2)])", "dict([1])", "dict(1)", "dict()", "dict({'a': 1}, **{'b': 2})", "d|length", "d|list", "d|first", "d|last", "d|items|list", "missing|items|list", "nums|items|list", "d.c.items()|list", "d.get('c').get('x')[1]", "d.get([1])", "nums.index(1)", "nums.index(9)", "nums.count(1)", "words.index('cherry')", "(1, 2, 1).count(1)", "(1, 2).index(2)", "nums.copy()", "range(5).index(3)", "range(5).count(9)", "range(5).start", "nums.index(2, 1)", "nums.index(3, 1)",
)
expressions(
    "globals", "range(3)|list", "range(1, 4)|list", "range(5, 0, -2)|list", "range(0)|list", "range(3, 1)|list", "range(1, 2, 0)", "range('a')", "range(1.5)", "range()", "range(100000)|length", "range(100001)|length", "range(-100001)|length", "range(10**30)", "range(true)|list", "strftime_now('%Y-%m-%d')", "strftime_now('%d %b %Y')", "strftime_now('%B %d, %Y')", "strftime_now('%A %a %j %H:%M:%S %p %I %y %%')", "strftime_now('%-d %-m %e|%F %T %D %R %f %w %u')", "strftime_now('')", "strftime_now('%c|%x|%X|%h|%n|%t|')", "raise_exception('no: ' ~ n)", "raise_exception()", "raise_exception(n)", "namespace().x", "namespace(x=1).x", "namespace({'x': 1}, y=2).y", "namespace(x=1)['x']", "range", "range is callable", "range(3).stop", "range(3) is iterable",
)
expressions(
    "undefined", "missing is defined", "missing is undefined", "missing|default('d')", "missing|d('d')", "missing.x|default('d')", "d.nope|default('d')", "d.nope.x|default('d')", "missing|length", "missing|list", "missing|upper", "missing|trim", "missing|join(',')", "missing|int", "missing|float", "missing|abs", "missing|round", "missing|tojson", "missing|string", "missing|first", "missing|last", "missing|sort", "missing|reverse|list", "missing|sum", "missing|map('upper')|list", "missing|select|list", "missing|replace('a', 'b')", "missing|items|list", "missing|dictsort", "missing|unique|list", "missing|min", "missing|e", "missing|title", "missing|indent", "missing|batch(2)|list", "missing|groupby('a')", "missing|attr('x')", "missing is none", "missing is string", "missing is iterable", "missing is sequence", "missing is mapping", "missing is number", "missing is callable", "missing is odd", "missing is eq missing", "missing is lower", "missing is in [1]", "missing is sameas missing", "missing is boolean", "missing is false", "not missing", "[missing]|length", "missing if t else 1", "{'a': missing}.a is defined", "messages[99] is defined", "messages[99].role", "s.x.y is defined", "missing.x is defined", "missing == 1", "missing != 1", "missing|default(none)", "missing|default", "nil|default('x')", "nil|default('x', true)", "''|default('x')", "''|default('x', true)", "''|d('x', boolean=true)", "0|default(5, true)", "missing|default(default_value='q')", "missing|wordcount", "missing|urlencode", "missing|truncate", "missing|center(3)",
)
expressions(
    "filters", "s|length", "uni|length", "nums|length", "d|count", "n|length", "nil|length", "nums|map('string')|length", "text|trim", "text|trim ~ '|'", "'xax'|trim('x')", "n|trim", "nil|trim", "s|upper", "n|upper", "nil|upper", "s|lower", "'hello wORLD-foo (bar) [baz] {q} <r> x_y it\\'s'|title", "uni|title", "s|capitalize", "uni|capitalize", "nums|upper", "s|replace('l', 'L')", "s|replace('l', 'L', 1)", "s|replace('l', 'L', count=2)", "n|replace('7', 'x')", "s|replace(1, 2)", "'121'|replace(1, 2)", "s|replace('a')", "nums|join", "nums|join(', ')", "nums|join(d=', ')", "words|join('-')", "s|join('-')", "d|join(',')", "users|join(', ', attribute='name')", "users|join(', ', 'address.zip')", "users|map(attribute='tags')|join('|')", "n|join", "nested|join(',')", "[none, true]|join(',')", "nums|join(1)",
    "nums|first", "s|first", "[]|first", "nums|last", "s|last", "uni|last", "[]|last", "n|first", "n|last", "nums|map('string')|last", "nums|map('string')|first", "range(3)|last", "s|list", "uni|list", "d|list", "n|list", "nil|list", "range(3)|list", "(1, 2)|list", "nums|list", "nums|string", "n|string", "nil|string", "nums|sum", "[]|sum", "[1.5, 2]|sum", "users|sum(attribute='age')", "users|sum('age', 100)", "words|sum", "nested|sum(start=[])", "nums|sum(start=10)", "[none]|sum",
    "'42'|int", "'42.9'|int", "'abc'|int", "'abc'|int(5)", "'abc'|int(default=none)", "''|int", "' 42 '|int", "'1_000'|int", "'1__0'|int", "'_1'|int", "'+5'|int", "'-5'|int", "'0x1A'|int(0, 16)", "'1A'|int(base=16)", "'0b11'|int(0, 2)", "'0o17'|int(0, 8)", "'0b11'|int(0, 16)", "'1010'|int(0, 2)", "'zz'|int(0, 36)", "'9'|int(7, 8)", "'0x1A'|int", "'0x1f'|int(0, 0)", "'012'|int(5, 0)", "'1e3'|int", "'inf'|int(3)", "'nan'|int(3)", "2.9|int", "-2.9|int", "true|int", "nil|int", "nums|int", "big|int", "'12345678901234567890'|int", "'３'|int" if False else "'3'|int", "'1.5'|float", "'abc'|float", "'abc'|float(2)", "'1e3'|float", "'inf'|float", "'-Infinity'|float", "'nan'|float", "'1_0.5'|float", "'.5'|float", "'5.'|float", "'.'|float", "'1d'|float", "'0x1'|float", "' 1 '|float", "3|float", "true|float", "nil|float", "big|float", "-5|abs", "(-5)|abs", "(-2.5)|abs", "true|abs", "'a'|abs",
    "2.5|round", "3.5|round", "2.567|round(2)", "2.675|round(2)", "-2.5|round", "(-2.5)|round", "1234|round(-2)", "1250|round(-2)", "1350|round(-2)", "1234.5|round(-2)", "42|round", "42.5|round(method='ceil')", "42.55|round(1, 'floor')", "42|round(0, 'ceil')", "-1.5|round(0, 'floor')", "2.5|round|int", "'a'|round", "2.5|round(1, 'x')", "true|round", "0.5|round", "1e20|round(2)", "42.555|round(precision=2, method='ceil')", "1e300|round(5)", "'inf'|float|round", "-0.4|round", "7|round(-1)", "nums|reverse|list", "s|reverse", "uni|reverse", "n|reverse", "d|reverse|list", "nums|map('string')|reverse", "nums|reverse|first", "nums|reverse|length", "range(3)|reverse|list",
)
expressions(
    "filters 2", "nums|sort", "nums|sort(reverse=true)", "nums|sort(true)", "words|sort", "words|sort(case_sensitive=true)", "words|sort(false, true)", "users|sort(attribute='age')|map(attribute='name')|list", "users|sort(attribute='age,name')|map(attribute='name')|list", "users|sort(reverse=true, attribute='age')|map(attribute='name')|list", "users|sort(attribute='address.zip')|map(attribute='name')|list", "mixed|sort", "d|sort", "'bca'|sort", "nested|sort(attribute=1)", "users|sort", "[[2, 1], [1, 5]]|sort", "[true, 0, 2]|sort", "users|sort(attribute='nope')", "[(1, 'b'), (1, 'a')]|sort",
    "words|unique|list", "words|unique(true)|list", "users|unique(attribute='age')|map(attribute='name')|list", "[1, 1.0, true, '1']|unique|list", "[[1], [1]]|unique|list", "nums|min", "nums|max", "words|min", "words|max", "words|min(true)", "users|max(attribute='age')", "users|min(attribute='age')", "[]|min", "[1, 'a']|max", "d|max", "users|groupby('age')|length", "users|groupby('city')|map('first')|list", "users|groupby('city')|map(attribute='grouper')|list", "users|groupby('city', case_sensitive=true)|map(attribute='grouper')|list", "users|groupby('age')|first|last|map(attribute='name')|list", "users|groupby('nope', default='x')|map('first')|list", "(users|groupby('age')|first).list|length", "users|groupby('address.zip')|map(attribute='0')|list",
    "d|dictsort(by='value')", "{'b': 1, 'A': 2, 'a': 3}|dictsort", "{'b': 1, 'A': 2}|dictsort(true)", "{'b': 1, 'a': 2}|dictsort(false, 'value')", "{'b': 1, 'a': 2}|dictsort(reverse=true)", "{'b': 1}|dictsort(by='x')", "nums|dictsort", "{1: 2, 'a': 3}|dictsort", "range(7)|batch(3)|list", "range(7)|batch(3, 'x')|list", "range(7)|slice(3)|list", "range(7)|slice(3, 'x')|list", "nums|batch(2)|map('join', '-')|list", "[]|batch(2)|list", "range(2)|slice(3)|list", "range(7)|slice(0)|list",
    "nums|map('string')|list", "words|map('upper')|join(',')", "words|map('replace', 'a', 'A')|list", "users|map(attribute='name')|list", "users|map(attribute='address.zip')|list", "users|map(attribute='tags.0')|list", "users|map(attribute='nope')|list", "users|map(attribute='nope', default='-')|list", "users|map(attribute='tags.0', default='-')|list", "nested|map(attribute=0)|list", "nested|map('sum')|list", "nested|map('join', ',')|list", "nums|map|list", "nums|map('nosuch')|list", "[]|map('nosuch')|list", "nums|map(attribute='x', foo=1)|list", "nums|map('default', 5)|list", "words|map('length')|list", "words|map('truncate', 3, true, '')|list", "nums|map(1)|list",
    "nums|select('odd')|list", "nums|select|list", "[0, 1, '', 'a', none]|select|list", "nums|select('gt', 1)|list", "nums|select('equalto', 2)|list", "nums|select('==', 2)|list", "nums|reject('odd')|list", "[0, 1]|reject|list", "words|reject('in', ['apple'])|list", "words|select('in', 'apple pie')|list", "nums|select('nosuch')|list", "[]|select('nosuch')|list", "users|selectattr('age', 'equalto', 30)|map(attribute='name')|list", "users|selectattr('tags')|map(attribute='name')|list", "users|selectattr('nope')|list", "users|selectattr('nope', 'undefined')|list|length", "users|selectattr('address.zip', '==', '2')|map(attribute='name')|first", "users|rejectattr('age', 'gt', 26)|map(attribute='name')|list", "users|rejectattr('tags')|map(attribute='name')|list", "users|selectattr()|list", "messages|selectattr('role', 'equalto', 'user')|list|length", "messages|selectattr('role', 'equalto', 'user')|length", "(messages|rejectattr('role', 'in', ['user', 'system'])|list)[0].content|length", "messages|selectattr('role', '==', 'system')|first|default('none')", "messages|selectattr('role', '==', 'tool')|first is defined", "nums|select('odd') is iterable", "nums|select('odd') is sequence", "nums|map('string') is string", "(nums|select('gt', 99)) and true",
    "'a\\nb\\n\\nc'|indent", "'a\\nb'|indent(2)", "'a\\nb\\n\\nc'|indent(2, true)", "'a\\nb\\n\\nc'|indent(2, false, true)", "'a\\nb'|indent('> ')", "'a\\nb'|indent(width=1, first=true)", "multi|indent", "''|indent", "'a\\n'|indent", "n|indent", "'\\n'|indent(2, true, true)", "'foo bar baz qux'|truncate(9)", "'foo bar baz qux'|truncate(9, true)", "'foo bar baz qux'|truncate(11)", "'foo bar baz qux'|truncate(11, false, '...', 0)", "'foo bar baz qux'|truncate(5, end='')", "'abcdefghijklmnop'|truncate(5)", "'foo bar'|truncate(2)", "'aé😀bcdefgh i'|truncate(5, true, '.', 0)", "s|wordcount", "'a b_c d-e é😀f'|wordcount", "''|wordcount", "'a b&c=d/e?é😀~'|urlencode", "{'a b': 'c/d', 'x': 1}|urlencode", "[['a', 1], ['b', 2]]|urlencode", "n|urlencode", "s|center(20) ~ '|'", "s|center(3)", "s|attr('upper')()", "d|attr('a')", "d|attr('items')()|list",
    "'<a href=\"x\">it\\'s & </a>'|e", "'<a>'|escape", "n|e", "'<a>'|safe", "('<a>'|safe) ~ '<b>'", "('<a>'|safe) + '<b>'", "'<b>' + ('<a>'|safe)", "('<a>'|e) + '<b>'", "('<a>'|e)|e", "('<a>'|e)|forceescape", "'<a>'|safe|upper", "['<a>'|safe]", "('<a>'|safe)|length", "('<a>'|safe) is escaped", "'a' is escaped", "[('<a>'|safe), '<b>']|join(',')", "('<a>'|safe).strip() + '<'", "('<a>'|safe)[1:] + '<'", "('<a>'|safe)|replace('a', '<') + '<'", "('<a>'|safe)|string ~ '<'", "('<'|safe) * 2 + '<'", "('<a>'|safe) == '<a>'", "('<a>'|safe)|trim ~ '<'", "('<a>'|safe)|tojson",
    "'upper' is filter", "'nosuch' is filter", "'odd' is test", "'nosuch' is test", "n is filter",
)
expressions(
    "tojson", "s|tojson", "n|tojson", "f|tojson", "nil|tojson", "t|tojson", "big|tojson", "mixed|tojson", "d|tojson", "d|tojson(indent=2)", "d|tojson(indent=4)", "d|tojson(indent=0)", "d|tojson(indent='\\t')", "d|tojson(none, 1)", "nested|tojson(indent=2)", "{}|tojson(indent=2)", "[]|tojson(indent=2)", "{'a': [], 'b': {}}|tojson(indent=2)", "d|tojson(separators=(',', ':'))", "d|tojson(separators=[',', ':'])", "d|tojson(indent=2, separators=(';', '='))", "d|tojson(sort_keys=true)", "{'b': {'z': 1, 'y': 2}, 'a': 1}|tojson(sort_keys=true, indent=1)", "uni|tojson", "uni|tojson(ensure_ascii=true)", "'a\"b\\\\c/d\\n\\r\\t\\b\\f\\x00\\x1f\\x7f\\u2028<>&'|tojson", "'\\x7f\\x80'|tojson(ensure_ascii=true)", "tools|tojson", "tools[0]|tojson(indent=4)", "tools[0].function.parameters|tojson", "{1: 2, 1.5: 3, true: 4, none: 5}|tojson", "{(1, 2): 3}|tojson", "(1, 2)|tojson", "range(3)|tojson", "[missing]|tojson", "namespace()|tojson", "d.items()|tojson", "d.items()|list|tojson", "1e100|tojson", "'inf'|float|tojson", "'nan'|float|tojson", "-0.0|tojson", "[1.0, 1e16, 0.1]|tojson", "nums|select('odd')|tojson", "nums|select('odd')|list|tojson", "s|tojson|tojson", "messages|tojson", "{'b': 1, 1: 2}|tojson(sort_keys=true)", "d|tojson(foo=1)", "d|tojson(separators=1)", "'a'|tojson(indent=2)", "range|tojson", "d|tojson(indent=true)", "d|tojson(ensure_ascii=false, indent=none)", "(tools|tojson)|length", "d|tojson(indent=-1)" if False else "d|tojson",
)
expressions(
    "tests", "n is odd", "n is even", "f is odd", "'a' is odd", "n is divisibleby 7", "n is divisibleby(2)", "n is divisibleby 0", "n is not even", "n is number", "f is number", "t is number", "s is number", "n is integer", "t is integer", "f is integer", "big is integer", "f is float", "n is float", "t is boolean", "n is boolean", "t is true", "no is false", "n is true", "nil is none", "nil is None" if False else "nil is none", "n is none", "nil is not none", "s is string", "n is string", "d is mapping", "nums is mapping", "nums is sequence", "s is sequence", "d is sequence", "range(2) is sequence", "d.items() is sequence", "n is sequence", "nums is iterable", "s is iterable", "d is iterable", "n is iterable", "nil is iterable", "d.keys() is iterable", "range(2) is iterable", "s is callable", "s.upper is callable", "range is callable", "s is lower", "'abc' is lower", "'ABC' is upper", "n is upper", "1 is eq 1", "1 is eq(1.0)", "1 is equalto 2", "1 is == 1" if False else "1 is eq 1", "1 is ne 2", "1 is lt 2", "1 is le 1", "2 is gt 1", "2 is ge 3", "1 is lessthan 2", "2 is greaterthan 1", "1 is lt 'a'", "1 is in [1]", "1 is in([1, 2])", "1 is not in [1]", "'a' is in 'abc'", "nil is sameas none", "t is sameas true", "1 is sameas true", "n is sameas 7", "nums is sameas nums", "[1] is sameas [1]", "d.a is defined", "d.z is defined", "d['z'] is not defined", "n is defined and n is odd", "n is odd or missing is defined", "n is defined(1)", "n is divisibleby", "s is string and s is not number", "n is odd == true", "not n is odd", "n is gt 5 and n is lt 9", "nums|length is gt 2", "nums | length is eq 3", "d is defined and d.a is eq 1", "n is not divisibleby 7", "'a' ~ 'b' is string", "1 + n is odd", "-n is odd", "nums[0] is odd", "s is eq 'Hello, World'", "n is in nums", "true is boolean", "1.0 is integer",
)
add(
    "if", "{% if t %}a{% endif %}", "{% if no %}a{% else %}b{% endif %}", "{% if no %}a{% elif t %}b{% else %}c{% endif %}", "{% if no %}a{% elif zero %}b{% elif n == 7 %}c{% else %}d{% endif %}", "{% if no %}a{% endif %}", "{% if '' or [] or {} or 0 or none or missing or 0.0 or () %}a{% else %}b{% endif %}", "{% if 'x' and [0] and {'a': 1} and 0.1 and (0,) %}a{% endif %}", "{% if n > 5 and n < 10 %}in{% endif %}", "{% if messages[0].role == 'system' %}sys{% endif %}", "{% if messages[0]['role'] != 'user' and messages|length > 1 %}x{% endif %}",
    "{% if t %}{% if no %}a{% else %}b{% endif %}{% endif %}", "{% if n, 1 %}tuple{% endif %}", "{% if range(0) %}a{% else %}b{% endif %}", "{% if nums|select('gt', 9) %}a{% else %}b{% endif %}", "{% if t %}{% set x = 1 %}{% endif %}{{ x }}", "{% if no %}{% set x = 1 %}{% endif %}[{{ x }}]", "{% set x = 0 %}{% if t %}{% set x = 1 %}{% endif %}{{ x }}", "{% if not t %}a{% else %}b{% endif %}", "{% if namespace() %}a{% endif %}", "{% if d.items() %}a{% endif %}", "{% if missing.x %}a{% endif %}", "{% if missing and missing.x %}a{% else %}b{% endif %}", "{% if n is defined and missing is not defined %}a{% endif %}",
)
add(
    "for", "{% for x in nums %}{{ x }},{% endfor %}", "{% for x in [] %}a{% else %}b{% endfor %}", "{% for x in nums %}a{% else %}b{% endfor %}", "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}", "{% for k in d %}{{ k }}{% endfor %}", "{% for k, v in d|dictsort(by='key') %}{{ k }}{% endfor %}", "{% for c in uni %}[{{ c }}]{% endfor %}", "{% for a, b in nested %}{{ a }}-{{ b }} {% endfor %}", "{% for a, b in nums %}{% endfor %}", "{% for a, b, c in nested %}{% endfor %}", "{% for a, in nested %}{% endfor %}", "{% for (a, b) in nested %}{{ a }}{{ b }}{% endfor %}", "{% for i, (a, b) in [(1, (2, 3))] %}{{ i }}{{ a }}{{ b }}{% endfor %}", "{% for a, b in ['xy', 'zw'] %}{{ b }}{{ a }}{% endfor %}", "{% for x in n %}{% endfor %}", "{% for x in nil %}{% endfor %}", "{% for x in missing %}a{% else %}b{% endfor %}", "{% for x in missing.y %}a{% endfor %}",
    "{% for x in nums if x > 1 %}{{ x }}{% endfor %}", "{% for x in nums if x > 9 %}{{ x }}{% else %}none{% endfor %}", "{% for x in nums if x > 1 %}{{ loop.index }}/{{ loop.length }} {% endfor %}", "{% for x in nums if loop.index %}{% endfor %}", "{% for x in nums %}{{ loop.index }}{{ loop.index0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.depth }}{{ loop.depth0 }};{% endfor %}", "{% for x in nums %}{{ loop.previtem }}<{{ x }}>{{ loop.nextitem }};{% endfor %}", "{% for x in nums %}{{ loop.previtem is defined }}{{ loop.nextitem is defined }};{% endfor %}", "{% for x in nums %}{{ loop.previtem + 1 }}{% endfor %}", "{% for x in nums %}{{ loop.cycle('a', 'b') }}{% endfor %}", "{% for x in nums %}{{ loop.cycle() }}{% endfor %}", "{% for x in [1, 1, 2] %}{{ loop.changed(x) }}{% endfor %}", "{% for x in nums %}{{ loop.nope }}|{{ loop['index'] }}{% endfor %}", "{{ loop }}", "{{ loop.index }}", "{% for x in nums %}{{ loop }}{% endfor %}", "{% for x in nums %}{{ loop|length }}{% endfor %}",
    "{% for x in nums|map('string') %}{{ loop.last }}{{ x }}{% endfor %}", "{% for x in nums|select('odd') %}{{ loop.length }}{{ loop.revindex }}{{ x }};{% endfor %}", "{% for x in nums|reverse %}{{ x }}{{ loop.last }}{{ loop.nextitem }};{% endfor %}", "{% for a in nested %}{% for b in a %}{{ loop.index }}{{ b }} {% endfor %}{{ loop.index }};{% endfor %}", "{% for a in nested %}{% set outer = loop %}{% for b in a %}{{ outer.index }}.{{ loop.index }} {% endfor %}{% endfor %}", "{% for a in nested %}{% for b in a %}{{ b }}{% endfor %}{{ loop.index }}{% endfor %}", "{% for a in nums %}{% for b in [] %}{% else %}{{ loop.index }}{% endfor %}{% endfor %}",
    "{% for x in nums %}{% if x == 1 %}{% break %}{% endif %}{{ x }}{% endfor %}", "{% for x in nums %}{% if x == 1 %}{% continue %}{% endif %}{{ x }}{% endfor %}", "{% for x in nums %}{% break %}{% else %}else{% endfor %}", "{% for x in nums %}{% continue %}{% else %}else{% endfor %}", "{% for x in nums %}{% if loop.index == 2 %}{% break %}{% endif %}{% else %}else{% endfor %}", "{% for a in nested %}{% for b in a %}{% if b == 1 %}{% break %}{% endif %}{{ b }}{% endfor %};{% endfor %}", "{% for x in nums %}{% set y %}{{ x }}{% if x == 1 %}{% break %}{% endif %}{% endset %}{{ y }}{% endfor %}|", "{% for x in nums %}a{% filter upper %}b{% if x == 1 %}{% continue %}{% endif %}{% endfilter %}{% endfor %}|",
    "{% set x = 9 %}{% for x in nums %}{{ x }}{% endfor %}{{ x }}", "{% set y = 0 %}{% for x in nums %}{% set y = y + x %}{{ y }}{% endfor %}|{{ y }}", "{% for x in nums %}{% set z = x %}{% endfor %}{{ z }}", "{% set ns = namespace(y=0) %}{% for x in nums %}{% set ns.y = ns.y + x %}{% endfor %}{{ ns.y }}", "{% for nums in nums %}{{ nums }}{% endfor %}{{ nums }}", "{% for x in range(3) %}{% if loop.first %}{% set seen = 1 %}{% endif %}{{ seen }}{% endfor %}", "{% for x in nums %}{% if not loop.first %}{{ prev }}{% endif %}{% set prev = x %}{% endfor %}",
    "{% for m in messages %}{{ m.role }}:{{ m.content|trim }}{{ '|' if not loop.last }}{% endfor %}", "{% for m in messages if m.role == 'user' %}{{ loop.index0 }}{{ m.content }}{% endfor %}", "{% for m in messages[1:] %}{{ m['role'] }}{% endfor %}", "{% for m in messages %}{% if loop.index0 > 0 and messages[loop.index0 - 1].role == 'user' %}after user: {{ m.role }}{% endif %}{% endfor %}", "{% for m in messages %}{% if (m['role'] == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('Roles must alternate') }}{% endif %}{% endfor %}", "{% for m in messages|reverse %}{{ m.role }} {% endfor %}", "{% for i in range(messages|length - 1, -1, -1) %}{{ messages[i].role }} {% endfor %}", "{% for tool in tools %}{{ tool|tojson(indent=4) }}{% endfor %}", "{% for x in 1, 2, 3 %}{{ x }}{% endfor %}", "{% for x in nums + [4] %}{{ x }}{% endfor %}", "{% for x in (nums if t else []) %}{{ x }}{% endfor %}", "{% for x in nums or [9] %}{{ x }}{% endfor %}", "{% for k, v in d|items %}{{ k }}{% endfor %}", "{% for g in users|groupby('age') %}{{ g.grouper }}:{{ g.list|map(attribute='name')|join(',') }};{% endfor %}", "{% for age, list in users|groupby('age') %}{{ age }}{{ list|length }};{% endfor %}",
    "{% for x in tree recursive %}{{ x.n }}{% if x.c %}({{ loop(x.c) }}){% endif %}{{ loop.depth }}{% endfor %}", "{% for x in tree recursive %}{{ loop.depth0 }}{{ loop(x.c) if x.c is defined }}{% else %}none{% endfor %}", "{% for x in nums %}{{ loop(nums) }}{% endfor %}", "{% set it = nums|map('string') %}{% for x in it %}{{ x }}{% endfor %}|{% for x in it %}{{ x }}{% endfor %}", "{% set ns = namespace(stop=false) %}{% for x in nums if not ns.stop %}{{ x }}{% set ns.stop = true %}{% endfor %}", "{% set ns = namespace(stop=false) %}{% for x in nums if not ns.stop %}{{ x }}{{ loop.last }}{% set ns.stop = true %}{% endfor %}",
    tree=[{"n": 1, "c": [{"n": 2}, {"n": 3, "c": [{"n": 4}]}]}, {"n": 5}],
)
add(
    "set", "{% set x = 1 %}{{ x }}", "{% set x, y = 1, 2 %}{{ x }}{{ y }}", "{% set x, y = nums %}", "{% set (x, y) = (1, 2) %}{{ y }}", "{% set x = y = 1 %}", "{% set x = nums[0] %}{% set x = x + 1 %}{{ x }}", "{% set n = n + 1 %}{{ n }}", "{% set x %}a{{ n }}b{% endset %}{{ x }}|{{ x|length }}", "{% set x | upper %}a{{ n }}b{% endset %}{{ x }}", "{% set x | upper | replace('A', 'z') %}a{% endset %}{{ x }}", "{% set x %}\n  y\n{% endset %}[{{ x }}]", "{% set x %}{% set y = 1 %}{{ y }}{% endset %}{{ x }}{{ y }}", "{% set ns = namespace(a=1, b='x') %}{% set ns.a = ns.a + 1 %}{{ ns.a }}{{ ns.b }}", "{% set ns = namespace() %}{% set ns.x = 5 %}{{ ns.x }}{{ ns.y }}", "{% set ns.x = 1 %}", "{% set d.x = 1 %}", "{% set s.x = 1 %}", "{% set ns = namespace() %}{% set ns.a, ns.b = 1, 2 %}{{ ns.a }}{{ ns.b }}", "{% set ns = namespace() %}{% set ns.x %}abc{% endset %}{{ ns.x }}", "{% set ns = namespace(l=[]) %}{% for x in nums %}{% set ns.l = ns.l + [x * 2] %}{% endfor %}{{ ns.l }}", "{% set ns = namespace(x=1) %}{{ ns }}{{ ns.x is defined }}{{ ns.y is defined }}{{ ns is mapping }}", "{% set x = none %}{{ x is none }}", "{% set x = missing %}{{ x is defined }}", "{% set a = b = 1 %}", "{% set x = 1 if no else 2 %}{{ x }}", "{% set x = [1, 2] %}{% set y = x %}{{ y is sameas x }}", "{% set messages = messages[1:] %}{{ messages|length }}", "{% set loop = 1 %}{{ loop }}", "{% set x = {'a': 1} %}{{ x.a }}", "{% set range = 5 %}{{ range }}", "{% set _x = 1 %}{{ _x }}", "{% set x.y.z = 1 %}", "{% set x[0] = 1 %}",
    "{% with %}{% set x = 1 %}{{ x }}{% endwith %}{{ x }}", "{% with a = 1, b = n %}{{ a }}{{ b }}{% endwith %}{{ a }}", "{% with a = 1 %}{% with b = a + 1 %}{{ a }}{{ b }}{% endwith %}{% endwith %}", "{% with a = 1, b = a %}[{{ b }}]{% endwith %}", "{% with a, b = nested[0] %}{{ a }}{{ b }}{% endwith %}" if False else "{% with n = n + 1 %}{{ n }}{% endwith %}{{ n }}", "{% filter upper %}a{{ n }}b{% endfilter %}", "{% filter replace('a', 'b')|upper %}aaa{% endfilter %}", "{% filter trim %}  a  {% endfilter %}|", "{% filter length %}abc{% endfilter %}", "{% filter upper %}{% set x = 'q' %}{{ x }}{% endfilter %}{{ x }}", "{% filter nosuch %}a{% endfilter %}", "{% filter indent(2, true) %}a\nb{% endfilter %}",
    "{% generation %}a{{ n }}{% endgeneration %}b", "x\n  {% generation %}\n  a\n  {% endgeneration %}\ny", "{%- generation -%} a {%- endgeneration -%} b", "{% set x = 1 %}{% generation %}{% set x = 2 %}{{ x }}{% endgeneration %}{{ x }}", "{% for x in nums %}{% generation %}{{ x }}{{ loop.index }}{% endgeneration %}{% endfor %}", "{% generation %}", "{% for m in messages %}{% if m.role == 'assistant' %}{% generation %}{{ m.content }}{% endgeneration %}{% endif %}{% endfor %}", "{% for x in nums %}{% generation %}{% break %}{% endgeneration %}{% endfor %}",
)
add(
    "macro", "{% macro m() %}a{% endmacro %}{{ m() }}{{ m() }}", "{% macro m(a) %}[{{ a }}]{% endmacro %}{{ m(1) }}{{ m(a=2) }}{{ m() }}", "{% macro m(a, b=2) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}{{ m(1, 3) }}{{ m(b=4, a=5) }}", "{% macro m(a, b=a) %}{{ a }}{{ b }}{% endmacro %}{{ m(1) }}", "{% macro m(a=b, b=1) %}[{{ a }}]{% endmacro %}{{ m() }}", "{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}", "{% macro m(a) %}{% endmacro %}{{ m(b=1) }}", "{% macro m(a) %}{% endmacro %}{{ m(1, a=2) }}", "{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, x=3) }}", "{% macro m(a) %}{{ varargs|length }}{% endmacro %}{{ m(1, 2, 3) }}", "{% macro m(a) %}{{ kwargs|tojson }}{% endmacro %}{{ m(1, b=2) }}", "{% macro m() %}{{ n }}{% endmacro %}{{ m() }}", "{% macro m() %}{{ later }}{% endmacro %}{% set later = 5 %}{{ m() }}", "{% macro m() %}{% set n = 1 %}{{ n }}{% endmacro %}{{ m() }}{{ n }}", "{% macro a() %}a{{ b() }}{% endmacro %}{% macro b() %}b{% endmacro %}{{ a() }}", "{% macro f(k) %}{% if k > 0 %}{{ k }}{{ f(k - 1) }}{% endif %}{% endmacro %}{{ f(5) }}", "{{ m() }}{% macro m() %}{% endmacro %}", "{% macro m() %}a{% endmacro %}{% set x = m() %}{{ x|upper }}{{ x is string }}", "{% macro m() %}a{% endmacro %}{{ m }}", "{% macro m() %}a{% endmacro %}{{ m.name }}{{ m is callable }}", "{% macro m(x) %}{{ x }}{% endmacro %}{{ nums|map('string')|map('upper')|list }}{{ m(x=nums) }}", "{% macro m(x) -%}\n  {{ x }}\n{%- endmacro %}[{{ m(1) }}]",
    "{% macro m() %}<{{ caller() }}>{% endmacro %}{% call m() %}body{{ n }}{% endcall %}", "{% macro m(x) %}{% for i in x %}{{ caller(i) }}{% endfor %}{% endmacro %}{% call(i) m(nums) %}[{{ i }}]{% endcall %}", "{% macro m() %}{{ caller('a', b='c') }}{% endmacro %}{% call(a, b, c=3) m() %}{{ a }}{{ b }}{{ c }}{% endcall %}", "{% macro m() %}x{% endmacro %}{% call m() %}y{% endcall %}", "{% macro m() %}{{ caller is defined }}{{ caller() if caller }}{% endmacro %}{{ m() }}", "{% macro m() %}{{ caller() }}{% endmacro %}{{ m() }}", "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{% call m() %}in{% endcall %}{% endcall %}", "{% macro m(a, *b) %}{% endmacro %}", "{% macro m(a, a) %}{% endmacro %}", "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(*[1]) }}{{ m(**{'a': 2}) }}{{ m(*nums) }}", "{% macro m(a, b) %}{{ a }}{{ b }}{% endmacro %}{{ m(1, *[2]) }}{{ m(1, **{'b': 3}) }}", "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(**nums) }}", "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(a=1, **{'a': 2}) }}", "{% if t %}{% macro m() %}x{% endmacro %}{% endif %}{{ m() }}", "{% for i in nums %}{% macro m() %}{{ i }}{{ loop.index }}{% endmacro %}{{ m() }}{% endfor %}", "{% macro m() %}{{ loop }}{% endmacro %}{% for i in nums %}{{ m() }}{% endfor %}|", "{% macro m(x) %}{{ x }}{% endmacro %}{{ m('<b>') ~ m('c') + 'd' }}", "{% macro m(x, y='\n') %}{{ x ~ y }}{% endmacro %}{{ m(1)|tojson }}", "{% macro m(tool) %}{% for k, v in tool.function.items() %}{{ k }}{% endfor %}{% endmacro %}{{ m(tools[0]) }}", "{% macro m(caller) %}{% endmacro %}{{ m(1) }}" if False else "{% macro m() %}{% endmacro %}[{{ m() }}]", "{% macro m() %}{% macro k() %}{{ n }}{% endmacro %}{{ k() }}{% endmacro %}{{ m() }}{{ k }}", "{% macro render(v, depth=0) %}{% if v is mapping %}{% for k, x in v.items() %}{{ '  ' * depth }}{{ k }}:{{ render(x, depth + 1) }}\n{% endfor %}{% else %}{{ v }}{% endif %}{% endmacro %}{{ render(d) }}",
)
add(
    "chat", "{{ bos_token }}{% for m in messages %}{{ '<|' + m.role + '|>\n' + m.content + eos_token }}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% endif %}",
    "{% for m in messages %}{% if m['role'] == 'user' %}{{ '[INST] ' + m['content'].strip() + ' [/INST]' }}{% elif m['role'] == 'system' %}{{ '<<SYS>>\n' + m['content'] + '\n<</SYS>>\n\n' }}{% else %}{{ ' ' + m['content'].split('</think>')[-1].strip() + ' ' + eos_token }}{% endif %}{% endfor %}",
    "{%- if messages[0].role == 'system' %}\n    {%- set system = messages[0].content | trim %}\n    {%- set rest = messages[1:] %}\n{%- else %}\n    {%- set system = '' %}\n    {%- set rest = messages %}\n{%- endif %}\n{{- system }}\n{%- for m in rest %}\n    {{- m.role ~ ': ' ~ m.content }}\n{%- endfor %}\n",
    "{% set ns = namespace(last=-1) %}{% for m in messages %}{% if m.role == 'user' %}{% set ns.last = loop.index0 %}{% endif %}{% endfor %}{{ ns.last }}{{ messages[ns.last].content }}",
    "{% for m in messages %}{% if m.content is string %}{{ m.content }}{% else %}{% for part in m.content %}{% if part.type == 'text' %}{{ part.text }}{% elif part['type'] == 'image' %}<image>{% endif %}{% endfor %}{% endif %}{% endfor %}",
    "{% if tools is defined and tools %}{{ tools | tojson }}{% endif %}{% if enable_thinking is defined and enable_thinking is false %}<think></think>{% endif %}",
    "{% for tool in tools %}{{ tool.function.name }}: {{ tool.function.description | replace('\n', ' ') }} {{ tool.function.parameters.properties.keys() | join(', ') }}{% endfor %}",
    "{% if (messages|selectattr('role', 'equalto', 'system')|list|length) > 1 %}{{ raise_exception('Only one system message') }}{% endif %}ok",
    "{% if messages[0].role != 'user' %}{{ raise_exception('First message must be from user, not ' ~ messages[0].role) }}{% endif %}",
    "{{ messages | map(attribute='content') | map('trim') | join('\n\n') }}", "{% set content = messages[2].content %}{% if '</think>' in content %}{{ content.split('</think>', 1)[1] | trim }}{% endif %}",
    "{% for m in messages %}{{ loop.index ~ '. ' ~ m.content | trim | replace('<', '[') | upper }}\n{% endfor %}", "{{ (messages | first).content | length }}{{ (messages | last).role }}", "{{- strftime_now('%d %b %Y') -}}", "{%- set date = strftime_now('%Y-%m-%d') if strftime_now is defined else 'x' %}{{ date }}",
    bos_token="<s>", eos_token="</s>", add_generation_prompt=True, enable_thinking=False,
)


add(
    "scopes", "{% for i in nums %}{{ n }}{% endfor %}{% set n = 1 %}{{ n }}", "{% macro m() %}[{{ n }}]{% endmacro %}{{ m() }}{% set n = 1 %}{{ m() }}", "{% set n %}({{ n }}){% endset %}{{ n }}", "{{ n }}{% set n %}({{ n }}){% endset %}{{ n }}", "{% if t %}{% set n = 1 %}{% endif %}{% for i in nums %}{{ n }}{% endfor %}", "{% if no %}{% set n = 1 %}{% endif %}{% for i in nums %}{{ n }}{% endfor %}", "{% for i in nums %}{{ n }}{% endfor %}{% if t %}{% set n = 1 %}{% endif %}{{ n }}", "{% for i in nums %}{% for j in nums %}{{ n }}{% endfor %}{% set n = i %}{% endfor %}{{ n }}", "{{ n }}{% for i in nums %}{% for j in nums %}{{ n }}{% endfor %}{% set n = i %}{% endfor %}", "{% for i in nums %}{% if i == 1 %}{% set n = 9 %}{% endif %}{{ n }}{% endfor %}", "{% set n = n %}{{ n }}", "{% set n = 1 %}{% for i in nums %}{{ n }}{% set n = i %}{{ n }}{% endfor %}{{ n }}", "{% filter upper %}{{ s }}{% endfilter %}{% set s = 'x' %}{{ s }}", "{% with a = n %}{{ a }}{{ s }}{% endwith %}{% set s = 1 %}", "{% generation %}{{ n }}{% endgeneration %}{% set n = 1 %}", "{% macro n() %}m{% endmacro %}{{ n() }}", "{% for i in nums %}{{ n }}{% endfor %}{% macro n() %}m{% endmacro %}", "{% for i in nums if i < n %}{{ i }}{% endfor %}{% set n = 1 %}", "{% macro m(a=n) %}{{ a }}{% endmacro %}{{ m() }}{% set n = 1 %}{{ m() }}", "{% macro m() %}{% for i in nums %}{{ n }}{% endfor %}{% set n = 1 %}{{ n }}{% endmacro %}{{ m() }}", "{% macro m() %}{% for i in nums %}{{ n }}{% endfor %}{% set n = 1 %}{{ n }}{% endmacro %}{{ m() }}{{ n }}", "{% for i in nums %}{{ n is defined }}{% endfor %}{% set n, s = 1, 2 %}", "{% call m() %}{{ n }}{% endcall %}{% macro m() %}{{ caller() }}{% endmacro %}", "{% macro m() %}{{ caller() }}{% endmacro %}{% call m() %}{{ n }}{% endcall %}{% set n = 1 %}", "{% set x = namespace(a=n) %}{% for i in nums %}{{ x.a }}{{ n }}{% endfor %}{% set x = 1 %}", "{% for n in nums %}{{ n }}{% endfor %}{{ n }}", "{% for n in nums %}{% for j in nested %}{{ n }}{% endfor %}{% set n = 5 %}{{ n }}{% endfor %}", "{% if t %}{% if no %}{% else %}{% set n = 3 %}{% endif %}{% for i in nums %}{{ n }}{% endfor %}{% endif %}", "{% for i in nums %}{{ range(2)|list }}{% endfor %}{% set range = 1 %}", "{% if s %}{% set n = 1 %}{% elif t %}{{ n }}{% endif %}{{ n }}", "{% set a = n %}{% set n = 2 %}{% macro m() %}{{ n }}{{ a }}{% endmacro %}{{ m() }}", "{% for i in [] %}{% else %}{{ n }}{% set n = 1 %}{{ n }}{% endfor %}{{ n }}", "{% for i in [] %}{% else %}{% for j in nums %}{{ n }}{% endfor %}{% set n = 1 %}{% endfor %}", "{% set y %}{% for i in nums %}{{ n }}{% endfor %}{% set n = 2 %}{{ n }}{% endset %}{{ y }}",
)


def main():
    seen = set()
    cases = []
    for group, template, context in CASES:
        key = (template, json.dumps(context, sort_keys=True))
        if key in seen:
            continue
        seen.add(key)
        case = {"group": group, "template": template, "context": context}
        try:
            case["output"] = ENV.from_string(template).render(**context)
        except Exception as e:  # whatever jinja2 or Python raises
            case["error"] = f"{type(e).__name__}: {e}"
        if " at 0x" in case.get("output", ""):
            continue  # prints an address
        cases.append(case)
    out = {"jinja2": jinja2.__version__, "python": platform.python_version(), "now": NOW.isoformat(), "cases": cases}
    path = Path(__file__).with_name("jinja_goldens.json")
    with open(path, "w", encoding="utf-8", newline="\n") as f:
        f.write('{"jinja2": %s, "python": %s, "now": %s, "cases": [\n' % tuple(json.dumps(out[k]) for k in ("jinja2", "python", "now")))
        f.write(",\n".join(json.dumps(c, ensure_ascii=True) for c in cases))
        f.write("\n]}\n")
    print(len(cases), "cases,", sum("error" in c for c in cases), "of them errors")


main()
