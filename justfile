# What .ci/run calls, each recipe also for people. `just` alone lists them.

set shell := ["bash", "-euo", "pipefail", "-c"]

shared := justfile_directory() / "../shared"

# list the recipes
default:
    @just --list

# everything CI runs, in its order
ci: fmt clippy doc test fuzz-build first-command benches exports browser api scores text

# formatting as rustfmt.toml says
fmt:
    cargo fmt --all --check

# lints, none tolerated
clippy:
    cargo clippy --locked --all-targets -- -D warnings

# documentation, no warning tolerated
doc:
    RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps

# README's second command
test:
    cargo test --locked

# README's first command, from a clean clone: it must index the corpus, do nothing when run again, and answer
first-command:
    #!/usr/bin/env bash
    set -euo pipefail
    clone=$(mktemp -d)
    trap 'rm -rf "$clone"' EXIT
    target=$(pwd)/target
    git clone --quiet . "$clone/diarium"
    cd "$clone/diarium"
    export CARGO_TARGET_DIR="$target"
    cargo run --release --locked -- ingest corpus
    cargo run --release --locked -- ingest corpus | tee again.txt
    grep -qi "nothing to do" again.txt
    cargo run --release --locked -- search partnerskap --limit 3
    cargo run --release --locked -- dump --quiet > one.jsonl
    cp -r corpus elsewhere
    cargo run --release --locked -- --index other --quiet ingest elsewhere
    cargo run --release --locked -- --index other dump --quiet > two.jsonl
    cmp one.jsonl two.jsonl
    test "$(git status --porcelain -- index corpus)" = ""

# the fuzz targets build, and bear what corpus/ holds; without coverage, so with the dependencies that are there
fuzz-build:
    #!/usr/bin/env bash
    set -euo pipefail
    target=${CARGO_TARGET_DIR:-$(pwd)/target}
    cargo build --manifest-path fuzz/Cargo.toml --features as-in-tests --target-dir "$target"
    for name in txt content cmap pdf query; do
      python3 fuzz/seeds.py --own "$name"
      inputs=$(find "fuzz/corpus/own/$name" -type f | sort | sed -n 1,40p)
      said=$("$target/debug/$name" -rss_limit_mb=512 -timeout=60 $inputs 2>&1) || { echo "$said"; exit 1; }
      echo "$name: $(grep -c '^Executed' <<<"$said") inputs"
    done

# every PDF of corpus/ and ../shared is survived: none crashes, takes over 10 s or over 512 MB
survive *ARGS:
    cargo build --release --locked
    benches/survive.py {{ARGS}}

# writes link-order.txt, by which the linker puts functions side by side that short commands run; needs valgrind
order:
    cargo build --release --locked
    benches/order.py

# benchmarks and examples build
benches:
    cargo build --release --locked --benches --examples

# writes what is published of the table of fields: schema/ and docs/data-dictionary.md
schema:
    DIARIUM_WRITE_SCHEMA=1 cargo test --locked --test tests schema::

# every export is read back by readers that are not ours and held against the records; needs network for the readers once
exports:
    #!/usr/bin/env bash
    set -euo pipefail
    venv=${DIARIUM_READERS:-target/readers}
    [ -x "$venv/bin/python" ] || python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r tests/readers/requirements.txt
    cargo build --release --locked
    "$venv/bin/python" tests/readers/check.py "${CARGO_TARGET_DIR:-target}/release/diarium"

# writes the answers of docs/researchers.md anew; look at the difference
questions:
    target/readers/bin/python tests/readers/questions.py "${CARGO_TARGET_DIR:-target}/release/diarium"

# fields against what people read: no field may fall below tests/baseline.json; sets of real documents need ../shared
scores: evaluate

# the same for SET… (seeds corpus corpus_read swedish held_out), with options of `diarium evaluate` (--misses, --by kind …)
evaluate *ARGS:
    benches/evaluate.sh {{ARGS}}

# agree on how every field does now: writes tests/baseline.json
baseline *SETS:
    benches/evaluate.sh {{SETS}} --keep

# measures the rules on the labels that may be looked at, and writes src/lexicon/data/confidence.json
calibrate:
    "${DIARIUM:-target/release/diarium}" --quiet evaluate tests/gold/seeds tests/gold/swedish tests/gold/corpus corpus/truth "{{shared}}/gold" \
        tests/gold/unseen/open tests/gold/unseen/second tests/gold/unseen/third tests/gold/unseen/web/open \
        --documents "{{shared}}/seeds" --documents "{{shared}}/pdfs/swedish" --documents "{{shared}}/pdfs/council" --documents corpus \
        --documents tests/gold/unseen/open --documents tests/gold/unseen/second --documents tests/gold/unseen/third \
        --documents tests/gold/unseen/web/open --ocr never \
        --calibrate src/lexicon/data/confidence.json

# writes the tables of EVALUATION.md anew
evaluation:
    SHARED="{{shared}}" benches/evaluate.sh --into EVALUATION.md --by kind

# how well search answers what people judged, beside other engines, and which longer words it finds; RELEVANCE_MISSES=1 names what it lacks
relevance:
    cargo test --locked --test tests relevance:: -- --nocapture --test-threads=1

# tables, lists and headings against what a reader sees; STRUCTURE_MISSES=1 names what is missed or wrong
structure:
    cargo test --locked --test tests structure:: -- --nocapture --test-threads=1

# PDF text against the truth of the shared files; needs ../shared and Python packages
text:
    #!/usr/bin/env bash
    set -euo pipefail
    if [ ! -d "{{shared}}" ]; then echo "skipped: text scores need {{shared}}"; exit 0; fi
    python3 -c 'import rapidfuzz, Levenshtein' 2>/dev/null || pip install --quiet rapidfuzz Levenshtein
    python3 "{{shared}}/tools/score_pdf_text.py" truth "{{shared}}/pdfs/council" -- target/release/diarium inspect --pages

# the reading room in a real browser: pages, flows, accessibility (needs node and chromium); pictures of it with `just browser FOLDER`
browser folder="":
    #!/usr/bin/env bash
    set -euo pipefail
    target=${CARGO_TARGET_DIR:-$(pwd)/target}
    cargo build --release --locked
    pictures=$([ -z "{{folder}}" ] || realpath -m "{{folder}}")
    work=$(mktemp -d)
    trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT
    "$target/release/diarium" --index "$work/index" --quiet ingest corpus
    "$target/release/diarium" --index "$work/index" serve --bind 127.0.0.1:0 2> "$work/said" &
    server=$!
    for _ in $(seq 100); do grep -q http:// "$work/said" && break; sleep 0.2; done
    address=$(sed -n 's|.*\(http://[0-9.:]*\)/.*|\1|p' "$work/said" | sed -n 1p)
    (cd tests/browser && npm ci --silent --no-audit --no-fund && node run.mjs "$address" $pictures)

# the API is what its own description says: schemathesis asks all it can think of (needs network for it once)
api:
    #!/usr/bin/env bash
    set -euo pipefail
    target=${CARGO_TARGET_DIR:-$(pwd)/target}
    cargo build --release --locked
    venv=${DIARIUM_API_CHECKS:-target/api-checks}
    [ -x "$venv/bin/python" ] || python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r tests/api/requirements.txt
    work=$(mktemp -d)
    trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT
    "$target/release/diarium" --index "$work/index" --quiet ingest corpus
    "$target/release/diarium" --index "$work/index" serve --bind 127.0.0.1:0 2> "$work/said" &
    server=$!
    for _ in $(seq 100); do grep -q http:// "$work/said" && break; sleep 0.2; done
    address=$(sed -n 's|.*\(http://[0-9.:]*\)/.*|\1|p' "$work/said" | sed -n 1p)
    # From a file: what serves the description itself is left out otherwise.
    curl --silent --fail "$address/api/v1/openapi.json" > "$work/openapi.json"
    # A name that fits its description may still be none that is known, which is refused by name.
    "$venv/bin/schemathesis" run "$work/openapi.json" --url "$address" --exclude-checks positive_data_acceptance \
        --max-examples 20 --generation-deterministic --no-color | sed -n '/FAILURES/,$p;/SUMMARY/,$p'

# load on a reading room that is open: just load 127.0.0.1:8080 steady, or flat; see benches/load.py
load ADDRESS HOW *ARGS:
    benches/load.py {{ADDRESS}} {{HOW}} {{ARGS}}
