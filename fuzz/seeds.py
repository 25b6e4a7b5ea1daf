#!/usr/bin/env python3
"""Fills fuzz/corpus/TARGET with seeds: the texts and PDFs of corpus/ and ../shared, their content streams and CMaps.

usage: fuzz/seeds.py [--own] txt|pdf|content|cmap|query

With --own, those of corpus/ alone, in fuzz/corpus/own/TARGET.
"""
import hashlib
import os
import re
import sys
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
PLACES = [os.path.join(ROOT, "corpus"), *(os.path.join(ROOT, "..", "shared", f) for f in ("seeds", "pdfs"))]
LARGEST = 200_000
QUERIES = [
    "föreningsbidrag", '"idéburet offentligt partnerskap"', "-avslag bidrag", "title:budget OR (a AND b)", "år:2019..2023",
    '"a b"~3', "dnr:1.2.3-45/2024", "vård* ?ot", "§ 12", "((((", '"', "a:b:c", "\\", "NOT", "district:järva kind:protokoll",
]


def files(ending, places):
    for place in places:
        if not os.path.isdir(place):
            print(f"skipped: {place} not found", file=sys.stderr)
        for folder, _, names in os.walk(place):
            for name in sorted(names):
                path = os.path.join(folder, name)
                if name.lower().endswith(ending) and os.path.getsize(path) <= LARGEST:
                    with open(path, "rb") as file:
                        yield file.read()


def streams(data):
    for match in re.finditer(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        raw = match.group(1)
        try:
            raw = zlib.decompressobj().decompress(raw, LARGEST)
        except zlib.error:
            pass
        yield raw


def seeds(target, places):
    if target == "txt":
        yield from files(".txt", places)
    elif target == "pdf":
        yield from files(".pdf", places)
    elif target == "content":
        yield from (s for d in files(".pdf", places) for s in streams(d) if b"BT" in s and b"ET" in s and b"begincmap" not in s)
    elif target == "cmap":
        yield from (bytes([n]) + s for d in files(".pdf", places) for s in streams(d) if b"begincmap" in s for n in range(3))
    elif target == "query":
        yield from (q.encode() for q in QUERIES)
    else:
        sys.exit(__doc__)


def main():
    own = sys.argv[1:2] == ["--own"]
    targets = sys.argv[2:] if own else sys.argv[1:]
    target = targets[0] if len(targets) == 1 else ""
    out = os.path.join(HERE, "corpus", *(["own"] if own else []), target)
    for data in seeds(target, PLACES[:1] if own else PLACES):
        os.makedirs(out, exist_ok=True)
        with open(os.path.join(out, hashlib.sha1(data).hexdigest()), "wb") as file:
            file.write(data)


if __name__ == "__main__":
    main()
