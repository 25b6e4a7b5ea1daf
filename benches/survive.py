#!/usr/bin/env python3
"""Reads every PDF of some folders as a process of its own and says what the reader survived.

usage: benches/survive.py [--diarium PROGRAM] [--seconds 10] [--megabytes 512] [--opened 98.6] [--list] [FOLDER…]

Without a folder: corpus/ and all of ../shared/pdfs. Each file is read with `inspect --ocr never --pages`. A file counts as
opened if its pages were found, also when they hold no letters (`--ocr` is for those). Exit 1 if one crashed, took longer than
the seconds (processor time: machines are shared), went over the megabytes, or if fewer were opened than the share asked for.
Python's standard library only.
"""
import argparse
import os
import subprocess
import sys
import tempfile
import threading

# From here on a file hangs, whatever the machine is busy with.
HANGS = 120


def files(folders):
    for folder in folders:
        for at, _, names in sorted(os.walk(folder)):
            yield from (os.path.join(at, name) for name in sorted(names) if name.lower().endswith(".pdf"))


def read(program, path):
    """Returns (exit code, or minus the signal; processor s; peak MiB; last line of what it said)."""
    with tempfile.TemporaryFile() as said:
        command = [program, "inspect", "--ocr", "never", "--pages", path]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=said)
        timer = threading.Timer(HANGS, process.kill)
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
        process.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        lines = said.read().decode("utf-8", "replace").strip().splitlines()
    return process.returncode, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, lines[-1] if lines else ""


def main():
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    target = os.environ.get("CARGO_TARGET_DIR", os.path.join(root, "target"))
    shared = os.path.join(root, "..", "shared", "pdfs")
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--diarium", default=os.path.join(target, "release", "diarium"))
    args.add_argument("--seconds", type=float, default=10)
    args.add_argument("--megabytes", type=float, default=512)
    args.add_argument("--opened", type=float, default=98.6, help="least share of files opened, in per cent")
    args.add_argument("--list", action="store_true", help="name the files that were not opened, and the slowest and largest")
    args.add_argument("folders", nargs="*")
    args = args.parse_args()
    folders = args.folders
    if not folders:
        folders = [os.path.join(root, "corpus")]
        if os.path.isdir(shared):
            folders += [os.path.join(shared, name) for name in sorted(os.listdir(shared))]
        else:
            print(f"skipped: {shared} not found", file=sys.stderr)

    print("| folder | files | opened | with text | crashed | over time | over memory | slowest s | largest MiB |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    total = opened = bad = 0
    notes = []
    for folder in folders:
        rows = [(path, *read(args.diarium, path)) for path in files([folder])]
        if not rows:
            continue
        with_text = [r for r in rows if r[1] == 0]
        textless = [r for r in rows if r[1] == 1 and " and no text" in r[4]]
        crashed = [r for r in rows if r[1] not in (0, 1) or "made the reader fail" in r[4]]
        slow = [r for r in rows if r[2] > args.seconds]
        large = [r for r in rows if r[3] > args.megabytes]
        shut = [r for r in rows if r not in with_text and r not in textless]
        total += len(rows)
        opened += len(with_text) + len(textless)
        bad += len(crashed) + len(slow) + len(large)
        print(
            f"| {os.path.relpath(folder, root)} | {len(rows)} | {len(with_text) + len(textless)} | {len(with_text)} "
            f"| {len(crashed)} | {len(slow)} | {len(large)} | {max(r[2] for r in rows):.2f} | {max(r[3] for r in rows):.0f} |",
            flush=True,
        )
        notes += [("crashed", r) for r in crashed] + [("over time", r) for r in slow] + [("over memory", r) for r in large]
        if args.list:
            notes += [("not opened", r) for r in shut]
    if not total:
        sys.exit("no PDF found")
    share = 100 * opened / total
    print(f"\n{total} files, {opened} opened ({share:.1f} %).")
    for what, (path, code, seconds, megabytes, said) in notes:
        print(f"{what}: {path} (exit {code}, {seconds:.2f} s, {megabytes:.0f} MiB) {said}")
    if bad or share < args.opened:
        sys.exit(1)


if __name__ == "__main__":
    main()
