#!/usr/bin/env bash
# Fuzzes each target for a time. Seeds: corpus/ and, if they are there, the files of ../shared (never committed).
# usage: fuzz/run.sh [SECONDS] [TARGET…]    needs: cargo install cargo-fuzz
# The nightly toolchain is not needed: without a sanitizer (the library holds no unsafe code) coverage works on stable.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:-1200}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(txt content cmap pdf query)
export RUSTC_BOOTSTRAP=1
# The fuzzer keeps its corpus in memory, for content streams 360 MB after a quarter of an hour; what one input may take is far below.
for target in "${targets[@]}"; do
  python3 seeds.py "$target"
  cargo fuzz run --sanitizer none "$target" -- \
    -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=262144 -print_final_stats=1
done
