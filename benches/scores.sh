#!/usr/bin/env bash
# Prints the tables of EVALUATION.md: fields against hand-made truth, for the five real documents of ../shared/seeds (three truths in
# ../shared/gold, two in tests/gold/seeds) and for corpus/ (corpus/truth). With --misses, what was wanted and what came.
set -euo pipefail
cd "$(dirname "$0")/.."
shared=${SHARED:-../shared}
diarium=${DIARIUM:-${CARGO_TARGET_DIR:-target}/release/diarium}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# score NAME DOCUMENTS TRUTH…
score() {
  local name=$1 documents=$2
  shift 2
  mkdir "$work/$name"
  cp "${@/%//.}" -r -t "$work/$name"
  "$diarium" --index "$work/$name-index" --quiet ingest --ocr never "$documents" >/dev/null
  "$diarium" --index "$work/$name-index" dump >"$work/$name.jsonl"
  echo "== $name"
  python3 "$shared/tools/score_records.py" "$work/$name.jsonl" "$work/$name" "${options[@]}"
}

options=("$@")
score seeds "$shared/seeds" "$shared/gold" tests/gold/seeds
score corpus corpus corpus/truth
