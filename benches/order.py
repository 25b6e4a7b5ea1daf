#!/usr/bin/env python3
"""Writes link-order.txt: the functions that short commands run, so that the linker puts them side by side (build.rs).

  cargo build --release && benches/order.py && cargo build --release

The program has 25 MB of code of which a short command runs 1 MB; read in from all over, each piece is a page fault of its own. Runs
the commands under `valgrind --tool=callgrind` on the files of corpus/. To be done again when dependencies or the compiler change:
the names of functions hold a hash of those, and names that are not known are passed over. Says how many were still known.
"""
import os, re, subprocess, sys, tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PROGRAM = os.path.join(os.environ.get('CARGO_TARGET_DIR', os.path.join(ROOT, 'target')), 'release/diarium')
LIST = os.path.join(ROOT, 'link-order.txt')


def corpus(ending):
    found = [os.path.join(at, name) for at, _, names in os.walk(os.path.join(ROOT, 'corpus')) for name in names if name.endswith(ending)]
    return sorted(found, key=lambda path: (os.path.getsize(path), path))


def functions(program):
    """Where each function of the program lies."""
    out = subprocess.run(['nm', '--defined-only', program], check=True, capture_output=True, text=True).stdout
    rows = [line.split() for line in out.splitlines()]
    return {row[2]: int(row[0], 16) for row in rows if len(row) == 3 and row[1] in 'tTwWi'}


def run(program, command, folder):
    """The functions that a command runs."""
    out = os.path.join(folder, 'callgrind')
    subprocess.run(['valgrind', '--tool=callgrind', '--demangle=no', f'--callgrind-out-file={out}', program, *command], cwd=folder,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with open(out, encoding='utf8', errors='replace') as lines:
        found = re.findall(r"^c?fn=\(\d+\) (\S+?)(?:'\d+)?$", lines.read(), re.M)
    os.remove(out)
    return set(found)


def main():
    program = os.path.abspath(sys.argv[1]) if len(sys.argv) > 1 else PROGRAM
    known = functions(program)
    if os.path.exists(LIST):
        old = [line for line in open(LIST, encoding='utf8').read().split() if line != '#']
        print(f'{sum(name in known for name in old)} of {len(old)} functions of the list so far are in {program}')
    pdfs, texts = corpus('.pdf'), corpus('.txt')
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([program, '--quiet', 'ingest', os.path.join(ROOT, 'corpus')], cwd=folder, check=True)
        commands = [['inspect', '--ocr', 'never', '--pages', pdfs[len(pdfs) // 2]], ['inspect', '--ocr', 'never', '--pages', pdfs[-1]],
                    ['inspect', '--text', texts[-1]], ['--version'], ['search', 'partnerskap']]
        seen, order = set(), []
        for command in commands:
            new = (run(program, command, folder) & known.keys()) - seen
            seen |= new
            order += sorted(new, key=lambda name: (known[name], name))
            print(f'{" ".join(command)}: {len(new)} more')
    with open(LIST, 'w', encoding='utf8') as out:
        out.write('# Functions that short commands run, first those that read a file; written by benches/order.py.\n')
        out.write(''.join(name + '\n' for name in order))
    print(f'{len(order)} functions in {LIST}')


main()
