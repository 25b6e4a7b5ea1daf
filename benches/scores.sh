#!/usr/bin/env bash
# Scores the fields of the five real documents in ../shared/seeds against hand-made labels: three of ../shared/gold, two of tests/gold/seeds.
# Prints a table per field; with --misses, what was wanted and what came.
set -euo pipefail
cd "$(dirname "$0")/.."
shared=${SHARED:-../shared}
diarium=${DIARIUM:-target/release/diarium}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/gold"
cp "$shared"/gold/*.json tests/gold/seeds/*.json "$work/gold/"
"$diarium" --index "$work/index" --quiet ingest "$shared/seeds" >/dev/null
"$diarium" --index "$work/index" dump >"$work/dump.jsonl"
python3 "$shared/tools/score_records.py" "$work/dump.jsonl" "$work/gold" "$@"
