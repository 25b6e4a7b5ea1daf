#!/usr/bin/env bash
# Holds the sets of labels against the documents: `benches/evaluate.sh [SET…] [-- OPTION…]` prints them (options as for `diarium evaluate`),
# `--keep` among the options writes tests/baseline.json anew, `--into FILE` puts the tables between the marks of FILE.
# `flat_…` are the papers of `unseen_…` with each page on one line, made anew by `examples/unroll`.
# Sets whose documents are not there are left out and told.
set -euo pipefail
cd "$(dirname "$0")/.."
shared=${SHARED:-../shared}
diarium=${DIARIUM:-${CARGO_TARGET_DIR:-target}/release/diarium}
declare -A labels=([seeds]="tests/gold/seeds $shared/gold" [corpus]=corpus/truth [corpus_read]=tests/gold/corpus [swedish]=tests/gold/swedish [held_out]=tests/gold/held_out [unseen_open]=tests/gold/unseen/open [unseen_second]=tests/gold/unseen/second [unseen_third]=tests/gold/unseen/third [unseen_held]=tests/gold/unseen/held [web_open]=tests/gold/unseen/web/open [web_held]=tests/gold/unseen/web/held)
declare -A documents=([seeds]="$shared/seeds" [corpus]=corpus [corpus_read]=corpus [swedish]="$shared/pdfs/swedish $shared/pdfs/council" [held_out]="$shared/pdfs/swedish $shared/pdfs/council corpus" [unseen_open]=tests/gold/unseen/open [unseen_second]=tests/gold/unseen/second [unseen_third]=tests/gold/unseen/third [unseen_held]=tests/gold/unseen/held [web_open]=tests/gold/unseen/web/open [web_held]=tests/gold/unseen/web/held)
flat=$(mktemp -d)
trap 'rm -rf "$flat"' EXIT
for part in open second third held; do
  labels[flat_$part]=$flat/$part
  documents[flat_$part]=$flat/$part
done
sets=() options=() into=
while [ $# -gt 0 ]; do
  case $1 in
    --into) into=$2; shift ;;
    -*) [ "$1" = -- ] || options+=("$1") ;;
    *) if [ -v "labels[$1]" ]; then sets+=("$1"); else options+=("$1"); fi ;;
  esac
  shift
done
[ ${#sets[@]} -gt 0 ] || sets=(seeds corpus corpus_read swedish held_out unseen_open unseen_second unseen_third unseen_held web_open web_held flat_open flat_second flat_third flat_held)
for set in "${sets[@]}"; do
  if [[ $set == flat_* ]]; then
    [[ $diarium == */debug/* ]] && profile=() || profile=(--release)
    cargo run --quiet --locked "${profile[@]}" --example unroll -- "tests/gold/unseen/${set#flat_}" "$flat/${set#flat_}"
  fi
  where=()
  for folder in ${documents[$set]}; do
    [ -d "$folder" ] || { echo "skipped: $set needs $folder" >&2; continue 2; }
    where+=(--documents "$folder")
  done
  # shellcheck disable=SC2086
  evaluate() { "$diarium" evaluate ${labels[$set]} "${where[@]}" --ocr never --baseline tests/baseline.json --name "$set" "$@"; }
  if [ -n "$into" ]; then
    evaluate --markdown "${options[@]}" >"$into.table"
    awk -v set="$set" -v table="$into.table" '
      $0 == "<!-- " set " -->" { print; print ""; while ((getline line < table) > 0) print line; print ""; skip = 1 }
      $0 == "<!-- end -->" { skip = 0 }
      !skip' "$into" >"$into.new"
    mv "$into.new" "$into"
    rm "$into.table"
  else
    echo "== $set"
    evaluate "${options[@]}"
  fi
done
