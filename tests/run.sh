#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds and tests with GCC, with Clang and its sanitizers, and for AArch64 under an emulator: the presets release,
# sanitize and aarch64, or those given with --preset.
# usage: tests/run.sh [--preset NAME]...
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
source cmake/packages.sh

presets=()
while (($#)); do
  case $1 in
    --preset)
      [[ $# -ge 2 ]] || { echo "--preset wants a name" >&2; exit 2; }
      presets+=("$2")
      shift 2
      ;;
    -h | --help) sed -n '3,5s/^# //p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) echo "tests/run.sh: unknown option $1; it takes --preset NAME" >&2; exit 2 ;;
  esac
done
((${#presets[@]})) || presets=(release sanitize aarch64)

packages=("${base_packages[@]}")
[[ "${presets[*]}" != aarch64 ]] && packages+=("${mpi_packages[@]}" "${video_packages[@]}")
[[ " ${presets[*]} " == *" clang "* || " ${presets[*]} " == *" sanitize "* ]] && packages+=("${clang_packages[@]}")
[[ " ${presets[*]} " == *" aarch64 "* ]] && packages+=("${aarch64_packages[@]}")
need_packages "${packages[@]}"
use_ninja

cores=$(nproc)
summary=()
failures=0
for preset in "${presets[@]}"; do
  SECONDS=0
  stage="not configured"
  if quietly cmake --preset "$preset" && stage="not built" &&
    cmake --build --preset "$preset" --parallel "$cores" --target flexdnn_tests && stage="tests failed" &&
    ctest --preset "$preset" --parallel "$cores"; then
    stage="passed"
  else
    failures=$((failures + 1))
  fi
  summary+=("$(printf '%-10s %-16s %4d s' "$preset" "$stage" "$SECONDS")")
done
printf '%s\n' "" "${summary[@]}"
exit $((failures > 0))
