#!/usr/bin/env python3
"""Puts a run's results into one file and prints a table: report.py ROOT OUT DEVICE FAILED"""
import datetime
import glob
import json
import os
import subprocess
import sys

root, out, device, failed = sys.argv[1:]


def said(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, cwd=root, timeout=20).stdout.strip()
    except OSError:
        return ""


name, driver, clocks = "emulated", "", ""
if device == "real":
    fields = said("nvidia-smi", "--query-gpu=name,driver_version,clocks.max.sm,clocks.max.mem", "--format=csv,noheader")
    name, driver, *clocks = [field.strip() for field in fields.split(",")]
commit = said("git", "rev-parse", "--short", "HEAD") or os.environ.get("COMMIT", "unknown")
date = datetime.date.today().isoformat()
report = {"device": name, "driver": driver, "maxClocks": clocks, "commit": commit, "date": date, "failed": failed.split()}
for kind in ("bandwidth", "compare", "measure", "prefill", "products", "attention", "peer"):
    report[kind] = {}
    for path in sorted(glob.glob(os.path.join(out, f"{kind}-*.json"))):
        with open(path) as file:
            report[kind][os.path.basename(path)[len(kind) + 1 : -5]] = json.load(file)
folder = os.path.join(out, "results") if device != "real" or os.environ.get("OUT") else os.path.join(
    root, "m1-bench", "results", name.replace(" ", "-"))
os.makedirs(folder, exist_ok=True)
path = os.path.join(folder, f"{date}-{commit}.json")
with open(path, "w") as file:
    json.dump(report, file, indent=1)
    file.write("\n")
print(path)
for kind in ("bandwidth", "measure", "prefill", "products", "attention", "peer"):
    for size, values in report[kind].items():
        for what, value in values.items():
            if isinstance(value, dict):
                print(f"{kind:9} {size:8} {what:44} {value['median']:12.4g}  ({value['least']:.4g} … {value['most']:.4g})")
for size, values in report["products"].items():
    for what, value in values.items():
        tokens = what.removeprefix("products").removesuffix("TensorCoresMilliseconds")
        cublas = report["peer"].get(size, {}).get(f"products{tokens}CublasMilliseconds")
        if cublas and device == "real":  # an emulated device has no speed
            print(f"{size:8} the same sums for every batch cost, at {tokens} tokens: {value['median'] / cublas['median']:.3f} x cuBLAS")
for size, value in report["compare"].items():
    print(f"{size:6} equal to transformers: {value['equal']}")
print("failed:" + (failed or " nothing"))
