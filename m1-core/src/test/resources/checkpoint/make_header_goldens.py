#!/usr/bin/env python3
"""Which safetensors files the reference implementation accepts, for SafetensorsHeaderTest.
    make_header_goldens.py > header_goldens.json      made with safetensors 0.8.0"""
import base64
import json
import os
import struct
import tempfile

import safetensors
from safetensors import safe_open


def tensor(name="a", dtype="F32", shape="[2]", offsets="[0,8]"):
    return f'"{name}":{{"dtype":"{dtype}","shape":{shape},"data_offsets":{offsets}}}'


A = tensor()
HEADERS = {  # name: (header, bytes of data)
    "one tensor": ("{" + A + "}", 8),
    "trailing spaces": ("{" + A + "}   ", 8),
    "trailing newline": ("{" + A + "}\n", 8),
    "trailing NUL": ("{" + A + "}\0", 8),
    "trailing text": ("{" + A + "}x", 8),
    "two objects": ("{}{}", 0),
    "comment": ("{}//", 0),
    "leading space": (" {" + A + "}", 8),
    "byte order mark": ("\ufeff{}", 0),
    "UTF-16": ("{}".encode("utf-16-le"), 0),
    "not UTF-8": (b'{"\xff":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1),
    "overlong UTF-8": (b'{"\xc0\xaf":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', 1),
    "UTF-8 name": ("{" + tensor(name="é漢") + "}", 8),
    "empty header": ("", 0),
    "empty object": ("{}", 0),
    "array": ("[]", 0),
    "null": ("null", 0),
    "cut off": ("{" + A[:20], 8),
    "single quotes": ("{'a':1}", 0),
    "empty name": ("{" + tensor(name="") + "}", 8),
    "name twice": ("{" + A + "," + A + "}", 8),
    "entry is null": ('{"a":null}', 0),
    "entry is a number": ('{"a":1}', 0),
    "unknown field in an entry": ('{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":[1,{}]}}', 8),
    "field twice": ('{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}', 8),
    "no dtype": ('{"a":{"shape":[2],"data_offsets":[0,8]}}', 8),
    "no shape": ('{"a":{"dtype":"F32","data_offsets":[0,8]}}', 8),
    "no offsets": ('{"a":{"dtype":"F32","shape":[2]}}', 8),
    "lower case dtype": ("{" + tensor(dtype="f32") + "}", 8),
    "unknown dtype": ("{" + tensor(dtype="F33") + "}", 8),
    "dtype is a number": ('{"a":{"dtype":32,"shape":[2],"data_offsets":[0,8]}}', 8),
    "scalar": ("{" + tensor(shape="[]", offsets="[0,4]") + "}", 4),
    "no elements": ("{" + tensor(shape="[0]", offsets="[0,0]") + "}", 0),
    "zero beside huge": ("{" + tensor(shape="[0,9223372036854775807,9223372036854775807]", offsets="[0,0]") + "}", 0),
    "huge before zero": ("{" + tensor(shape="[9223372036854775807,9223372036854775807,0]", offsets="[0,0]") + "}", 0),
    "nine dimensions": ("{" + tensor(shape="[1,1,1,1,1,1,1,1,2]") + "}", 8),
    "fraction in shape": ("{" + tensor(shape="[2.0]") + "}", 8),
    "exponent in shape": ("{" + tensor(shape="[2e0]") + "}", 8),
    "string in shape": ("{" + tensor(shape='["2"]') + "}", 8),
    "nested shape": ("{" + tensor(shape="[[2]]") + "}", 8),
    "shape is a number": ("{" + tensor(shape="2") + "}", 8),
    "negative shape": ("{" + tensor(shape="[-2]") + "}", 8),
    "leading zero in shape": ("{" + tensor(shape="[02]") + "}", 8),
    "shape of 2^63": ("{" + tensor(shape="[9223372036854775808]") + "}", 8),
    "shape of 2^64": ("{" + tensor(shape="[18446744073709551616]") + "}", 8),
    "shape wraps around": ("{" + tensor(shape="[4611686018427387905,2]") + "}", 8),
    "bytes wrap around": ("{" + tensor(shape="[4611686018427387906]") + "}", 8),
    "too few bytes": ("{" + tensor(shape="[3]") + "}", 8),
    "too many bytes": ("{" + tensor(shape="[1]") + "}", 8),
    "one offset": ("{" + tensor(offsets="[8]") + "}", 8),
    "three offsets": ("{" + tensor(offsets="[0,8,8]") + "}", 8),
    "offsets reversed": ("{" + tensor(offsets="[8,0]") + "}", 8),
    "negative offset": ("{" + tensor(offsets="[-8,0]") + "}", 8),
    "offset beyond the data": ("{" + tensor(offsets="[8,16]") + "}", 8),
    "offset of 2^64": ("{" + tensor(offsets="[0,18446744073709551624]") + "}", 8),
    "data cut off": ("{" + A + "}", 7),
    "data too long": ("{" + A + "}", 9),
    "hole at the start": ("{" + tensor(offsets="[8,16]") + "}", 16),
    "hole between": ("{" + A + "," + tensor("b", offsets="[16,24]") + "}", 24),
    "overlap": ("{" + A + "," + tensor("b", offsets="[4,12]") + "}", 12),
    "same bytes": ("{" + A + "," + tensor("b") + "}", 8),
    "in another order": ("{" + tensor("b", offsets="[8,16]") + "," + A + "}", 16),
    "empty tensor between": ("{" + A + "," + tensor("z", shape="[0]", offsets="[8,8]") + ","
                             + tensor("b", offsets="[8,16]") + "}", 16),
    "metadata": ('{"__metadata__":{"format":"pt"},' + A + "}", 8),
    "metadata only": ('{"__metadata__":{"a":"b"}}', 0),
    "metadata is null": ('{"__metadata__":null}', 0),
    "metadata is an array": ('{"__metadata__":[]}', 0),
    "number in metadata": ('{"__metadata__":{"a":1}}', 0),
    "name twice in metadata": ('{"__metadata__":{"a":"b","a":"c"}}', 0),
    "metadata twice": ('{"__metadata__":{},"__metadata__":{}}', 0),
    "F4": ("{" + tensor(dtype="F4", offsets="[0,1]") + "}", 1),
    "F4, half a byte": ("{" + tensor(dtype="F4", shape="[3]", offsets="[0,2]") + "}", 2),
    "F6": ("{" + tensor(dtype="F6_E3M2", shape="[4]", offsets="[0,3]") + "}", 3),
    "C64": ("{" + tensor(dtype="C64", shape="[1]") + "}", 8),
    "BF16": ("{" + tensor(dtype="BF16", shape="[2,2]") + "}", 8),
}


def with_length(header, data, length=None):
    header = header if isinstance(header, bytes) else header.encode()
    return struct.pack("<Q", len(header) if length is None else length) + header + bytes(data)


FILES = {name: with_length(header, data) for name, (header, data) in HEADERS.items()}
FILES.update({
    "empty file": b"", "seven bytes": b"\2\0\0\0\0\0\0", "length only": with_length("", 0, 2),
    "length one too many": with_length("{}", 0, 3), "length one too few": with_length("{}", 0, 1),
    "length 2^63": with_length("{}", 0, 1 << 63), "length 2^64 - 1": with_length("{}", 0, (1 << 64) - 1),
    "length above the limit": with_length("{}", 0, 100_000_001),
})


def accepted(content):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "x.safetensors")
        with open(path, "wb") as f:
            f.write(content)
        try:
            with safe_open(path, "np") as f:
                f.keys()
            return True
        except Exception:
            return False


print(json.dumps({"safetensors": safetensors.__version__, "cases": {
    name: {"accepted": accepted(content), "file": base64.b64encode(content).decode()} for name, content in FILES.items()}},
    indent=1))
