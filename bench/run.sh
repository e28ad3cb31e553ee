#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds the benchmarks and the peers' table: ours beside oneDNN and ONNX Runtime, one thread each. Then, unless
# --only is given, exits against MACs, ResNet-20's footprint, and every Google Benchmark.
# --ncnn adds the ncnn that is installed in a folder.
# usage: bench/run.sh [--json FILE] [--only WORKLOAD,...] [--seconds S] [--ncnn DIR]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
here=$PWD
source "$root/cmake/packages.sh"

options=()
only=false
ncnn=
while (($#)); do
  case $1 in
    --json | --only | --seconds)
      [[ $# -ge 2 && -n $2 ]] || { echo "bench/run.sh: $1 wants a value" >&2; exit 2; }
      [[ $1 == --only ]] && only=true
      options+=("$1" "$2")
      shift 2
      ;;
    --ncnn)
      [[ $# -ge 2 && -d $2 && -n $(find "$2" -name ncnnConfig.cmake -print -quit) ]] ||
        { echo "bench/run.sh: --ncnn wants the folder that ncnn was installed to" >&2; exit 2; }
      ncnn=$(cd "$2" && pwd)
      shift 2
      ;;
    -h | --help) sed -n '3,6s/^# //p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) echo "bench/run.sh: unknown option $1; it takes --json, --only, --seconds and --ncnn" >&2; exit 2 ;;
  esac
done

cd "$root"
need_packages "${base_packages[@]}" "${bench_packages[@]}"
use_ninja
echo "building the benchmarks (three minutes the first time)" >&2
quietly cmake --preset release -DFLEXDNN_NCNN="$ncnn"
quietly cmake --build --preset release --parallel "$(nproc)" --target flexdnn_bench example_embed
if library=$(bench/peers/onnxruntime.sh build/peers); then
  options+=(--onnxruntime "$root/$library")
fi
cd "$here"
programs=$root/build/release/bench
"$programs/compare" "${options[@]}"
"$only" && exit
"$programs/report"
python3 "$root/bench/footprint.py" --embed "$root/build/release/examples/embed"
for source in "$root"/bench/*.cpp; do
  name=$(basename "$source" .cpp)
  if [[ $name != report ]]; then
    "$programs/$name"
  fi
done
