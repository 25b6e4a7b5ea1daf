#!/usr/bin/env python3
"""Measures exports: rows a second, processor time, and the memory they take for few and for many documents.

    benches/exports.py DIARIUM INDEX [FILTER…]

INDEX is an index of many documents (BENCHMARKS.md says of which), FILTER lets a part of them through (`--year 2005..2009` without). Prints
the table of BENCHMARKS.md. Temporary files and exports lie in TMPDIR, which takes twice the size of an export.
"""

import csv
import os
import pathlib
import subprocess
import sys
import tempfile
import time

FORMATS = ["csv", "package", "parquet", "sqlite", "xlsx"]
csv.field_size_limit(1 << 30)


def measured(command):
    """Wall and processor seconds, and the peak of memory in MiB."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{' '.join(command)} failed")
    return time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def rows(folder, name):
    with open(folder / name, newline="", encoding="utf-8") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    program, index, *some = sys.argv[1:]
    some = some or ["--year", "2005..2009"]
    print("| `dump --format` | documents | rows | rows/s | wall s | processor s | peak MiB |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for filters in (some, []):
        count = documents = 0
        for form in FORMATS:
            with tempfile.TemporaryDirectory() as folder:
                out = pathlib.Path(folder) / "out"
                command = [program, "--quiet", "--index", index, "dump", "--format", form, "-o", str(out), *filters]
                wall, used, peak = measured(command)
                if form == "csv":
                    count = sum(rows(out, path.name) for path in out.glob("*.csv"))
                    documents = rows(out, "documents.csv")
            told = [f"`{form}`", documents, count, round(count / wall), f"{wall:.1f}", f"{used:.1f}", round(peak)]
            print(f"| {' | '.join(map(str, told))} |", flush=True)


if __name__ == "__main__":
    main()
