#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds the benchmarks and the peers' table: ours beside oneDNN and ONNX Runtime, one thread each. Then, unless
# --only is given, exits against MACs, ResNet-20's footprint, and every Google Benchmark.
# --ncnn, --mnn and --xnnpack add a column each: the one that was built from source and installed to DIR.
# usage: bench/run.sh [--json FILE] [--only WORKLOAD,...] [--seconds S] [--ncnn DIR] [--mnn DIR] [--xnnpack DIR]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
here=$PWD
source "$root/cmake/packages.sh"

# What is looked for in the folder of a peer that was built from source.
declare -A files=(
  [ncnn]='ncnnConfig.cmake'
  [mnn]='include/MNN/Interpreter.hpp lib*/libMNN.*'
  [xnnpack]='include/xnnpack.h lib*/libXNNPACK.* lib*/libxnnpack-microkernels-prod.* lib*/libcpuinfo.* lib*/libpthreadpool.*'
)
# folder_of PEER DIR: the full path of DIR, where those files are in it.
folder_of() {
  local wanted file
  read -ra wanted <<<"${files[$1]}"
  for file in "${wanted[@]}"; do
    if [[ ! -d $2 || -z $(find "$2" -path "*/$file" -print -quit) ]]; then
      echo "bench/run.sh: --$1 wants the folder that $1 was installed to; looked for: ${files[$1]}" >&2
      exit 2
    fi
  done
  (cd "$2" && pwd)
}

declare -A folders=()
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
    --ncnn | --mnn | --xnnpack)
      peer=${1#--}
      folders[$peer]=$(folder_of "$peer" "${2-}")
      shift 2
      ;;
    -h | --help) sed -n '3,6s/^# //p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) echo "bench/run.sh: unknown option $1; it takes --json, --only, --seconds, --ncnn, --mnn and --xnnpack" >&2; exit 2 ;;
  esac
done

cd "$root"
need_packages "${base_packages[@]}" "${bench_packages[@]}"
use_ninja
echo "building the benchmarks (three minutes the first time)" >&2
quietly cmake --preset release -DFLEXDNN_NCNN="${folders[ncnn]-}" -DFLEXDNN_MNN="${folders[mnn]-}" \
  -DFLEXDNN_XNNPACK="${folders[xnnpack]-}"
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
