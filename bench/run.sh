#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds the benchmarks and the peers' table: ours beside oneDNN and ONNX Runtime, one thread each. Then, unless
# --only is given, exits against MACs, and every Google Benchmark.
# usage: bench/run.sh [--json FILE] [--only WORKLOAD,...] [--seconds S]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
here=$PWD
cd "$root"
source cmake/packages.sh

options=()
only=false
while (($#)); do
  case $1 in
    --json | --only | --seconds)
      [[ $# -ge 2 && -n $2 ]] || { echo "bench/run.sh: $1 wants a value" >&2; exit 2; }
      [[ $1 == --only ]] && only=true
      options+=("$1" "$2")
      shift 2
      ;;
    -h | --help) sed -n '3,5s/^# //p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) echo "bench/run.sh: unknown option $1; it takes --json, --only and --seconds" >&2; exit 2 ;;
  esac
done

need_packages "${base_packages[@]}" "${bench_packages[@]}"
use_ninja
echo "building the benchmarks (three minutes the first time)" >&2
quietly cmake --preset release
quietly cmake --build --preset release --parallel "$(nproc)" --target flexdnn_bench
if library=$(bench/peers/onnxruntime.sh build/peers); then
  options+=(--onnxruntime "$root/$library")
fi
cd "$here"
programs=$root/build/release/bench
"$programs/compare" "${options[@]}"
"$only" && exit
"$programs/report"
for source in "$root"/bench/*.cpp; do
  name=$(basename "$source" .cpp)
  if [[ $name != report ]]; then
    "$programs/$name"
  fi
done
