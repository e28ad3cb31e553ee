#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Builds the example programs and runs the demo: build/release/examples/demo, with this script's arguments.
# Standard output is the demo's alone.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
here=$PWD
cd "$root"
source cmake/packages.sh

need_packages "${base_packages[@]}" "${example_packages[@]}" "${video_packages[@]}"
use_ninja
echo "building the examples (a minute or two the first time)" >&2
quietly cmake --preset release
quietly cmake --build --preset release --parallel "$(nproc)" --target flexdnn_examples
cd "$here"
exec "$root/build/release/examples/demo" "$@"
