#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds the benchmarks; runs the report with this script's arguments, the footprint, then every Google Benchmark.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
here=$PWD
cd "$root"
source cmake/packages.sh

need_packages "${base_packages[@]}"
use_ninja
echo "building the benchmarks" >&2
quietly cmake --preset release
quietly cmake --build --preset release --parallel "$(nproc)" --target flexdnn_bench example_embed
cd "$here"
programs=$root/build/release/bench
if [[ -f $root/bench/report.cpp ]]; then
  "$programs/report" "$@"
fi
python3 "$root/bench/footprint.py" --embed "$root/build/release/examples/embed"
for source in "$root"/bench/*.cpp; do
  name=$(basename "$source" .cpp)
  if [[ -f $source && $name != report ]]; then
    "$programs/$name"
  fi
done
