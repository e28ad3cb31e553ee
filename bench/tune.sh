#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Measures on this machine by which algorithm each convolution of a network is fastest, and prints overrides of
# the cost model, or writes them to the header FILE.
# usage: bench/tune.sh --include HEADER --network TYPE [--out FILE] [--rounds N]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
here=$PWD
source "$root/cmake/packages.sh"

options=()
include=
network=
while (($#)); do
  case $1 in
    --include | --network | --out | --rounds)
      [[ $# -ge 2 && -n $2 ]] || { echo "bench/tune.sh: $1 wants a value" >&2; exit 2; }
      case $1 in
        --include) include=$2 ;;
        --network) network=$2 ;;
        *) options+=("$1" "$2") ;;
      esac
      shift 2
      ;;
    -h | --help) sed -n '3,5s/^# //p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) echo "bench/tune.sh: unknown option $1; it takes --include, --network, --out and --rounds" >&2; exit 2 ;;
  esac
done
[[ -n $include && -n $network ]] || { echo "bench/tune.sh: --include and --network are needed" >&2; exit 2; }
[[ -f $include ]] && include=$(realpath "$include")

cd "$root"
need_packages "${base_packages[@]}"
use_ninja
quietly cmake --preset release -DFLEXDNN_TUNE_INCLUDE="$include" -DFLEXDNN_TUNE_NETWORK="$network"
quietly cmake --build --preset release --target bench_tune
cd "$here"
exec "$root/build/release/bench/tune/tune" "${options[@]}"
