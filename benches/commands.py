#!/usr/bin/env python3
"""Times whole commands on a generated corpus and prints the tables of BENCHMARKS.md.

usage: benches/commands.py [--documents 2000] [--runs 5] [--work DIR]

Builds the release program and the generator, writes the corpus (seed 1), then measures with the operating system's
accounting of the finished process: wall seconds, processor seconds (user + system) and peak memory. Medians of the runs;
commands that are compared run in turn. Python's standard library only.
"""
import argparse
import csv
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time


def run(command, env=None):
    """Runs a command to its end; returns (wall s, cpu s, peak MiB)."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=env)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 4):
        sys.exit(f"{' '.join(command)}: exit {process.returncode}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def median(rows):
    return [statistics.median(column) for column in zip(*rows)]


def size_of(folder):
    return sum(os.path.getsize(os.path.join(d, f)) for d, _, fs in os.walk(folder) for f in fs)


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--documents", type=int, default=2000)
    args.add_argument("--runs", type=int, default=5)
    args.add_argument("--work", help="folder to work in; a temporary one without it")
    args = args.parse_args()
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    os.chdir(root)
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet", "--bins", "--examples"], check=True)
    target = os.environ.get("CARGO_TARGET_DIR", "target")
    diarium = os.path.join(target, "release", "diarium")
    work = args.work or tempfile.mkdtemp(prefix="diarium-bench-")
    corpus, index = os.path.join(work, "corpus"), os.path.join(work, "index")
    generate = os.path.join(target, "release", "examples", "generate")
    shutil.rmtree(corpus, ignore_errors=True)
    subprocess.run([generate, "--out", corpus, "--documents", str(args.documents), "--seed", "1"], check=True)
    megabytes = size_of(corpus) / 1e6
    print(f"Corpus: {args.documents} generated documents, {megabytes:.1f} MB; {os.cpu_count()} processors; medians of {args.runs} runs.\n")

    print("| ingest | wall s | processor s | documents/s | MB/s | peak MiB |")
    print("|---|--:|--:|--:|--:|--:|")
    rows = {jobs: [] for jobs in (1, 2)}
    for _ in range(args.runs):
        for jobs in rows:
            shutil.rmtree(index, ignore_errors=True)
            rows[jobs].append(run([diarium, "--index", index, "--quiet", "ingest", "--jobs", str(jobs), corpus]))
    for jobs, measured in rows.items():
        wall, cpu, peak = median(measured)
        print(f"| `--jobs {jobs}` | {wall:.2f} | {cpu:.2f} | {args.documents / wall:.0f} | {megabytes / wall:.1f} | {peak:.0f} |")
    again = median([run([diarium, "--index", index, "--quiet", "ingest", corpus]) for _ in range(args.runs)])
    print(f"| again, nothing changed | {again[0]:.2f} | {again[1]:.2f} | {args.documents / again[0]:.0f} | – | {again[2]:.0f} |")

    catalog = sum(os.path.getsize(os.path.join(index, f)) for f in os.listdir(index) if f.startswith("catalog.sqlite"))
    tantivy = size_of(os.path.join(index, "tantivy"))
    print(f"\nSize against the text: catalog {catalog / 1e6 / megabytes:.2f}, index {tantivy / 1e6 / megabytes:.2f}.\n")

    print("| whole command | wall ms | processor ms | peak MiB |")
    print("|---|--:|--:|--:|")
    csv.field_size_limit(1 << 30)
    base = [diarium, "--index", index]
    commands = {
        "search föreningsbidrag": ["search", "föreningsbidrag"],
        "search --facets överenskommelse": ["search", "--facets", "överenskommelse"],
        "search --in decisions --action reject": ["search", "--in", "decisions", "--action", "reject"],
        "search --district järva --year 2022 samverkan": ["search", "--district", "järva", "--year", "2022", "samverkan"],
        "stats": ["stats"],
        "dump": ["dump"],
    }
    for name, words in commands.items():
        run(base + words)
        wall, cpu, peak = median([run(base + words) for _ in range(args.runs)])
        print(f"| `{name}` | {wall * 1e3:.0f} | {cpu * 1e3:.0f} | {peak:.0f} |")

    print("\n| `dump --format` | wall s | rows/s | MB | peak MiB |")
    print("|---|--:|--:|--:|--:|")
    rows = 0
    for form in ("csv", "parquet", "sqlite", "xlsx", "package"):
        out = os.path.join(work, f"export.{form}")
        words = ["--quiet", "dump", "--format", form, "-o", out, "--overwrite"]
        wall, _, peak = median([run(base + words) for _ in range(args.runs)])
        if form == "csv":
            for name in os.listdir(out):
                if name.endswith(".csv"):
                    with open(os.path.join(out, name), newline="", encoding="utf-8") as file:
                        rows += sum(1 for _ in csv.reader(file)) - 1
        size = size_of(out) if os.path.isdir(out) else os.path.getsize(out)
        print(f"| `{form}` | {wall:.2f} | {rows / wall:.0f} | {size / 1e6:.1f} | {peak:.0f} |")
    if not args.work:
        shutil.rmtree(work)


if __name__ == "__main__":
    main()
