#!/usr/bin/env python3
"""Sets diarium beside other PDF text extractors, in one run: accuracy, time in-process, time of whole processes.

  benches/peers/run.py            builds and installs what is missing, measures, prints the tables
  benches/peers/run.py --write    also puts them into BENCHMARKS.md
  benches/peers/run.py --only time,whole --groups council

With --write, parts that were not measured stay as they are; with --groups, so do the rows of other groups.

Needs ../shared (documents with truth), a Rust and a C++ compiler, and of Debian: poppler-utils mupdf-tools libpoppler-cpp-dev
python3-venv. The rest (pypdfium2, pymupdf, pypdf, pdfplumber; pdf-extract, pdf_oxide, unpdf) is put under target/peers/.

What is measured in-process: from a file's bytes in memory to the text of all its pages, document closed again. Readers take turns
file by file, the shortest of a few runs each turn; a ratio is taken between neighbours in time, then the median of the turns, so that
a machine that is slow for a while does not favour anybody. diarium's time includes what the others do not do: layout, reading
order, places of words, the file's hash.
"""
import argparse, collections, concurrent.futures, glob, itertools, os, platform, re, select, statistics, subprocess, sys, time

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), '../..'))
HERE = os.path.join(ROOT, 'benches/peers')
WORK = os.environ.get('PEERS_DIR', os.path.join(ROOT, 'target/peers'))
SHARED = os.environ.get('SHARED', os.path.join(ROOT, '../shared'))
PYTHON = os.path.join(WORK, 'venv/bin/python')
CRATES = ['pdf-extract', 'pdf_oxide', 'unpdf']
FAST = ['pdfium', 'poppler', 'MuPDF']
SLOW = ['pypdf', 'pdfplumber'] + CRATES
DIARIUM = os.path.join(ROOT, 'target/release/diarium')
CRATE_BINARY = os.path.join(WORK, 'rust/release/peers')


def call(*command, **options):
    return subprocess.run(command, check=True, **options)


def leave_crates_out():
    SLOW[:] = [name for name in SLOW if name not in CRATES]
    CRATES.clear()


def install():
    os.makedirs(WORK, exist_ok=True)
    if not os.path.exists(PYTHON):
        call(sys.executable, '-m', 'venv', os.path.join(WORK, 'venv'))
        call(PYTHON, '-m', 'pip', 'install', '-q', 'pypdfium2', 'pymupdf', 'pypdf', 'pdfplumber', 'rapidfuzz', 'Levenshtein')
    raw = subprocess.run([PYTHON, '-c', 'import os, pypdfium2_raw; print(os.path.dirname(pypdfium2_raw.__file__))'],
                         check=True, capture_output=True, text=True).stdout.strip()
    call('gcc', '-O2', '-o', WORK + '/pdfium', HERE + '/pdfium.c', raw + '/libpdfium.so', '-Wl,-rpath,' + raw)
    call('g++', '-O2', '-o', WORK + '/poppler', HERE + '/poppler.cc', '-I/usr/include/poppler/cpp', '-lpoppler-cpp')
    crates = CRATES and subprocess.run(['cargo', 'build', '--release', '--locked', '--quiet'], cwd=HERE + '/rust',
                            env={**os.environ, 'CARGO_TARGET_DIR': WORK + '/rust'})
    if crates and crates.returncode:
        print('skipped: the crates do not build here', file=sys.stderr)
        leave_crates_out()
    out = subprocess.run(['cargo', 'bench', '--no-run', '--locked', '--bench', 'extract', '--message-format=json'], cwd=ROOT, check=True,
                         capture_output=True, text=True).stdout
    # The program after the bench, which leaves one built with what tests need; link-order.txt knows the functions of the plain one.
    call('cargo', 'build', '--release', '--locked', '--quiet', cwd=ROOT)
    return re.findall(r'"executable":"([^"]+/extract-[^"]+)"', out)[-1]


def python_reader(name):
    return [PYTHON, HERE + '/worker.py', name]


def serving(extract):
    """The command of every reader that answers `run.py`."""
    readers = {'diarium': [extract, '--serve'], 'pdfium': [WORK + '/pdfium', '--serve'], 'poppler': [WORK + '/poppler', '--serve'],
               'MuPDF': python_reader('pymupdf') + ['--serve']}
    readers |= {name: python_reader(name) + ['--serve'] for name in ('pypdf', 'pdfplumber')}
    return readers | {name: [CRATE_BINARY, name, '--serve'] for name in CRATES}


def printing():
    """The command of every extractor that prints a file's text."""
    commands = {'diarium': [DIARIUM, 'inspect', '--ocr', 'never', '--pages'], 'pdfium': [WORK + '/pdfium'],
                'poppler': ['sh', '-c', 'exec pdftotext "$0" -'], 'MuPDF': ['mutool', 'draw', '-q', '-F', 'txt']}
    commands |= {name: python_reader(name) for name in ('pypdf', 'pdfplumber')}
    return commands | {name: [CRATE_BINARY, name] for name in CRATES}


class Worker:
    """A reader in a process of its own, asked file by file; one that hangs or dies is started again."""
    def __init__(self, command):
        self.command, self.process = command, None

    def ask(self, runs, path, patience=20):
        """Milliseconds of each run; none if the file cannot be read."""
        if not self.process or self.process.poll() is not None:
            self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=0)
            self.rest = b''
        try:
            self.process.stdin.write(f'{runs}\t{path}\n'.encode())
        except BrokenPipeError:
            return None
        end = time.monotonic() + patience
        while True:
            while b'\n' in self.rest:
                line, self.rest = self.rest.split(b'\n', 1)
                if line.startswith(b'=> '):
                    times = line[3:].decode('utf8', 'replace').split('\t')[0].split()
                    return None if '-' in times or not times else [float(t) for t in times]
            ready = select.select([self.process.stdout], [], [], max(0, end - time.monotonic()))[0]
            data = os.read(self.process.stdout.fileno(), 65536) if ready else b''
            if not data:
                self.close()
                return None
            self.rest += data

    def close(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


def groups(wanted):
    """Files by group; encrypted ones apart."""
    found = {}
    for name, folder in [('corpus', ROOT + '/corpus')] + [(n, f'{SHARED}/pdfs/{n}') for n in ('council', 'swedish', 'samples', 'pdfjs')]:
        for path in sorted(glob.glob(folder + '/**/*.pdf', recursive=True)):
            locked = b'/Encrypt' in open(path, 'rb').read()
            found.setdefault(name + (', encrypted' if locked else ''), []).append(os.path.realpath(path))
        if name not in found:
            print(f'skipped: no PDF in {folder}', file=sys.stderr)
    return {n: f for n, f in found.items() if not wanted or n.split(',')[0] in wanted}


def quantile(values, q):
    values = sorted(values)
    return values[min(len(values) - 1, int(q * len(values)))]


def measure(workers, path, turns):
    """Milliseconds by reader and the ratios to diarium's; nothing if diarium cannot read the file."""
    best, ratios, runs = {}, collections.defaultdict(list), {}
    for turn in range(turns + 1):
        seen = {}
        for name, worker in workers.items():
            if name in runs and runs[name] is None:
                continue
            times = worker.ask(runs.get(name, 1), path)
            if times is None:
                runs[name] = None
                continue
            seen[name] = min(times)
            runs[name] = max(1, min(8, int(10 / max(seen[name], 0.05))))
        if turn == 0:
            continue  # warms up, and tells how often to run
        for name, ms in seen.items():
            best[name] = min(best.get(name, ms), ms)
            if seen.get('diarium'):
                ratios[name].append(ms / seen['diarium'])
    return best, {name: statistics.median(r) for name, r in ratios.items()}


def table(head, rows):
    return '\n'.join(['| ' + ' | '.join(head) + ' |', '|---' + '|--:' * (len(head) - 1) + '|'] + ['| ' + ' | '.join(r) + ' |' for r in rows]) + '\n'


def time_table(commands, files, names, turns, most):
    """How many times as long as diarium each reader takes."""
    workers = {name: Worker(commands[name]) for name in ['diarium'] + names}
    rows = []
    for group, paths in files.items():
        step = max(1, len(paths) // most) if most else 1
        results = [measure(workers, path, turns) for path in paths[::step]]
        both = lambda name: [(b, r) for b, r in results if name in r and 'diarium' in b]
        mine = [b['diarium'] for b, _ in both('diarium')]
        cells = [group, f'{len(mine)}', f'{statistics.median(mine):.2f}' if mine else '–']
        for name in names:
            pairs = both(name)
            if not pairs:
                cells.append('–')
                continue
            ratios = [r[name] for _, r in pairs]
            total = sum(b[name] for b, _ in pairs) / sum(b['diarium'] for b, _ in pairs)
            cells.append(f'**{statistics.median(ratios):.1f}** ({quantile(ratios, .1):.1f}–{quantile(ratios, .9):.1f}; all {total:.1f})')
        rows.append(cells)
        print('  ' + ' | '.join(cells), file=sys.stderr)
    for worker in workers.values():
        worker.close()
    return table(['group', 'files', 'diarium ms'] + names, rows)


def spawn(command):
    """Wall and processor milliseconds, peak memory in MiB of one run."""
    null = os.open(os.devnull, os.O_RDWR)
    start = time.perf_counter()
    actions = [(os.POSIX_SPAWN_DUP2, null, 1), (os.POSIX_SPAWN_DUP2, null, 2)]
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    _, _, usage = os.wait4(pid, 0)
    wall = (time.perf_counter() - start) * 1e3
    os.close(null)
    return wall, (usage.ru_utime + usage.ru_stime) * 1e3, usage.ru_maxrss / 1024


def whole_table(rounds):
    """Whole processes on the report of three pages, one after the other in turn."""
    path = f'{SHARED}/pdfs/council/tu_aldre.pdf'
    if not os.path.exists(path):
        return f'skipped: no {path}\n'
    commands = {'`diarium inspect --ocr never --pages`': printing()['diarium'], 'pdfium (smallest program, `pdfium.c`)': printing()['pdfium'],
                '`mutool draw -F txt`': printing()['MuPDF'], '`pdftotext`': ['pdftotext'], 'a program that does nothing (`true`)': ['true']}
    runs = collections.defaultdict(list)
    for _ in range(rounds + 2):
        for name, command in commands.items():
            runs[name].append(spawn(command + [path] + (['-'] if command == ['pdftotext'] else [])))
    mine = runs[next(iter(commands))][2:]
    rows = []
    for name in commands:
        its = runs[name][2:]
        pairs = [a[0] / b[0] for a, b in zip(its, mine)]
        processor = [a[1] / max(b[1], 0.1) for a, b in zip(its, mine)]
        rows.append([name] + [f'{statistics.median(r[i] for r in its):.1f}' for i in (0, 1)] + [f'{statistics.median(r[2] for r in its):.0f}',
                    f'**{statistics.median(pairs):.1f}** ({quantile(pairs, .1):.1f}–{quantile(pairs, .9):.1f})', f'{statistics.median(processor):.1f}'])
    return table(['whole process', 'wall ms', 'processor ms', 'peak MiB', 'wall, times diarium', 'processor, times diarium'], rows)


def truth_scores(command, folder):
    """Mean characters, words, order against the truth, without the scan that has no text layer."""
    out = subprocess.run([PYTHON, SHARED + '/tools/score_pdf_text.py', 'truth', folder, '--', *command], capture_output=True, text=True).stdout
    scores = [(f, tuple(map(float, s))) for f, *s in re.findall(r'^(\S+)\s+char ([\d.]+) words ([\d.]+) order ([\d.]+)', out, re.M)]
    mean = lambda rows: [sum(r[i] for r in rows) / len(rows) for i in range(3)] if rows else []
    return mean([s for _, s in scores]), mean([s for f, s in scores if not f.startswith('skannad__image')])


def consensus_scores(commands, folder, names):
    """Recall and precision by score_pdf_text.py's own rule, the three readers that vote being run once for all."""
    sys.path.insert(0, SHARED + '/tools')
    from score_pdf_text import norm, pdfs, run
    bag = lambda name, path: collections.Counter(norm(run(commands[name], path)[1]).split())
    voters = FAST
    paths = [os.path.join(folder, f) for f in pdfs(folder)]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        bags = {name: list(pool.map(lambda p: bag(name, p), paths)) for name in set(names) | set(voters)}
    scores = {name: [] for name in names}
    for i in range(len(paths)):
        a, b, c = (bags[v][i] for v in voters)
        want, union = (a & b) | (a & c) | (b & c), a | b | c
        if sum(want.values()) < 10:
            continue
        for name in names:
            got = bags[name][i]
            scores[name].append((sum((want & got).values()) / sum(want.values()), sum((union & got).values()) / max(1, sum(got.values()))))
    return {name: [sum(s[i] for s in rows) / max(1, len(rows)) for i in (0, 1)] for name, rows in scores.items()}


def accuracy_table():
    commands = printing()
    counted = ['diarium'] + FAST + CRATES
    cells = {name: [] for name in commands}
    council, samples = (f'{SHARED}/pdfs/{n}' for n in ('council', 'samples'))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        scored = {n: (pool.submit(truth_scores, c, council), pool.submit(truth_scores, c, samples)) for n, c in commands.items()}
    for name, (a, b) in scored.items():
        (every, plain), (geotopo, _) = a.result(), b.result()
        cells[name] += [' / '.join(f'{x:.4f}' for x in plain), ' / '.join(f'{x:.4f}' for x in every), f'{geotopo[0]:.3f}' if geotopo else '–']
        print('  ' + name, cells[name], file=sys.stderr)
    for folder in ('swedish', 'pdfjs'):
        scores = consensus_scores(commands, f'{SHARED}/pdfs/{folder}', counted)
        for name in commands:
            cells[name].append(' / '.join(f'{x:.4f}' for x in scores[name]) if name in scores else '–')
    head = ['extractor', 'council, scan left out: char / words / order', 'all of council', 'GeoTopo char', 'swedish recall / precision', 'pdfjs recall / precision']
    return table(head, [[name] + row for name, row in cells.items()])


def commit():
    return subprocess.run(['git', '-C', ROOT, 'rev-parse', '--short', 'HEAD'], capture_output=True, text=True).stdout.strip()


def versions():
    out = subprocess.run([PYTHON, '-m', 'pip', 'freeze'], capture_output=True, text=True).stdout
    packages = dict(line.split('==') for line in out.split() if '==' in line)
    lock = open(HERE + '/rust/Cargo.lock').read()
    crates = [c + ' ' + re.search('name = "' + c + '"\nversion = "([^"]+)', lock)[1] for c in CRATES]
    first = lambda *c: subprocess.run(c, capture_output=True, text=True).stderr.split('\n')[0]
    named = {k.lower(): v for k, v in packages.items()}
    return ', '.join([f'pypdfium2 {named["pypdfium2"]}', first('pdftotext', '-v').replace('pdftotext version', 'poppler'),
                      first('mutool', '-v').replace('mutool version', 'mutool'), f'pymupdf {named["pymupdf"]}',
                      f'pypdf {named["pypdf"]}', f'pdfplumber {named["pdfplumber"]}'] + crates)


def merge(old, new, by_rows):
    """The old text with the sections that are new put in the old ones' place; by rows: only those rows of their tables that are new."""
    first = '### Accuracy'
    parts = lambda text: re.split(r'^(?=### )', text, flags=re.M)
    title = lambda part: part.split('\n')[0]
    (_, *before), (intro, *after) = parts(old), parts(new)
    sections = {title(p): p.strip() for p in before}
    for part in after:
        known = sections.get(title(part))
        sections[title(part)] = rows_merged(known, part.strip()) if by_rows and known else part.strip()
    order = sorted(sections, key=lambda t: (t != first, not t.startswith('### In-process')))
    return '\n\n'.join([intro.strip()] + [sections[t] for t in order])


def rows_merged(old, new):
    """Tables of the same head get the rows that are new; a row is known by its first cell."""
    rows = lambda text: [list(g) for k, g in itertools.groupby(text.split('\n'), lambda l: l.startswith('|')) if k]
    tables = {t[0]: {r.split('|')[1]: r for r in t[2:]} for t in rows(new)}
    out, at = [], {}
    for line in old.split('\n'):
        if not line.startswith('|'):
            out += [*at.values(), line]
            at = {}
        elif line in tables:
            at = dict(tables[line])
            out.append(line)
        elif line.startswith('|---') or not at or line.split('|')[1] not in at:
            out.append(line)
        else:
            out.append(at.pop(line.split('|')[1]))
    return '\n'.join(out + list(at.values()))


def main():
    ask = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    ask.add_argument('--write', action='store_true', help='put the tables into BENCHMARKS.md')
    ask.add_argument('--only', default='accuracy,time,whole', help='which parts, with commas between')
    ask.add_argument('--groups', default='', help='only these groups of files')
    ask.add_argument('--no-crates', action='store_true', help='without the crates, which take minutes to build')
    ask.add_argument('--turns', type=int, default=3, help='how often the readers take turns with each file')
    args = ask.parse_args()
    if args.no_crates:
        leave_crates_out()
    extract = install()
    files = groups([g for g in args.groups.split(',') if g])
    model = re.search(r'model name\s*: (.*)', open('/proc/cpuinfo').read())
    load = os.getloadavg()[0]
    begun = f'Load when begun {load:.1f}, commit {commit()}.\n'
    parts = [f'{os.cpu_count()} processors ({model[1] if model else platform.machine()}), {platform.system()}. {versions()}.\n']
    if 'accuracy' in args.only:
        parts += ['### Accuracy\n', begun, accuracy_table()]
    if 'time' in args.only:
        parts += ['### In-process, how many times as long as diarium\n', begun,
                  'Median over the files (tenth–ninetieth percentile; total time over total time).\n', time_table(serving(extract), files, FAST, args.turns, None),
                  'Slow or less known readers, on up to a dozen files of each group:\n', time_table(serving(extract), files, SLOW, 1, 12)]
    if 'whole' in args.only:
        parts += ['### Whole process, a report of three pages\n', begun, whole_table(40)]
    text = '\n'.join(parts)
    print(text)
    if args.write:
        path = os.path.join(ROOT, 'BENCHMARKS.md')
        old = open(path, encoding='utf8').read()
        mine = re.search(r'<!-- peers -->\n(.*?)<!-- /peers -->', old, flags=re.S)
        merged = merge(mine[1].strip(), text.strip(), bool(args.groups))
        open(path, 'w', encoding='utf8').write(old[:mine.start(1)] + '\n' + merged + '\n\n' + old[mine.end(1):])

main()
