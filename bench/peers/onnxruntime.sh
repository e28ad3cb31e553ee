#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Brings ONNX Runtime's shared library, which its package for Node.js bundles, into a directory, and prints its path.
# None of the package's scripts are run.
# usage: bench/peers/onnxruntime.sh DIRECTORY
set -euo pipefail
version=1.30.0
directory=$1
source "$(dirname "${BASH_SOURCE[0]}")/../../cmake/packages.sh"

case $(uname -m) in
  x86_64) machine=x64 ;;
  aarch64) machine=arm64 ;;
  *) echo "ONNX Runtime's package has no library for $(uname -m)" >&2; exit 1 ;;
esac
library=$directory/onnxruntime-$version/libonnxruntime.so.1
if [[ ! -f $library ]]; then
  command -v npm >/dev/null || need_packages npm
  downloads=$(mktemp -d)
  trap 'rm -rf "$downloads"' EXIT
  echo "downloading ONNX Runtime $version (110 MB)" >&2
  quietly npm pack "onnxruntime-node@$version" --ignore-scripts --pack-destination "$downloads"
  tar -xzf "$downloads"/*.tgz -C "$downloads" "package/bin/napi-v6/linux/$machine/libonnxruntime.so.1"
  mkdir -p "$(dirname "$library")"
  mv "$downloads/package/bin/napi-v6/linux/$machine/libonnxruntime.so.1" "$library"
fi
echo "$library"
