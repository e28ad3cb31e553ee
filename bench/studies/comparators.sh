#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# The systems that FlexDNN is held against, beside it: one family of ResNet-20s (bench/comparators/train.py; PyTorch,
# better with a GPU), ours adapted from its network with exits, one engine, one stream. Prints accuracy against compute
# and what streams drop; FOLDER/systems has a page. Goes on where it was stopped: what stands in FOLDER is not done again.
# usage: bench/studies/comparators.sh gtsrb|cifar10 --train FILE --search FILE --calibrate FILE --report FILE --out FOLDER
#   FILE  records; tracks stand in a table beside them (.csv). No frame or track may be in two of them
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/cmake/packages.sh"

complain() { echo "bench/studies/comparators.sh: $1" >&2; exit 2; }
[[ ${1:-} != -h && ${1:-} != --help ]] || { sed -n '3,8s/^# //p' "${BASH_SOURCE[0]}"; exit 0; }
set_name=${1:-} train='' search='' calibrate='' report='' out=''
shift || true
while (($#)); do
  case $1 in
    --train | --search | --calibrate | --report | --out)
      [[ $# -ge 2 && -n $2 ]] || complain "$1 wants a value"
      declare "${1#--}=$2"
      shift 2
      ;;
    *) complain "unknown option $1; --help tells them" ;;
  esac
done
for file in train search calibrate report out; do [[ -n ${!file} ]] || complain "--$file is needed"; done
networks=()
case $set_name in
  gtsrb)
    backbone=gtsrb_resnet20
    adapting=(--loss 0.01 --epochs 3 --shift 3 --rotation 12 --scale 0.15 --brightness 0.4 --contrast 0.4 --saturation 0.4 --cutout 8)
    ;;
  cifar10)
    backbone=resnet20 adapting=(--epochs 2 --search-images 8000)
    networks=(--networks width_16 width_12 width_8 width_4 branchynet nested nested_exits joint)
    ;;
  *) complain "unknown data set '$set_name': gtsrb or cifar10" ;;
esac

mkdir -p "$out"
out=$(cd "$out" && pwd)
python3 "$root/bench/comparators/train.py" --data-set "$set_name" --train "$train" --check "$search" --out "$out" "${networks[@]}"
use_ninja
cd "$root"
quietly cmake --preset release
quietly cmake --build --preset release --target example_adapt
ours=${set_name}_ours
if [[ ! -f $out/$ours.hpp ]]; then
  cat "$search" "$calibrate" >"$out/held.bin"
  share=$(python3 -c "import os, sys; a, b = map(os.path.getsize, sys.argv[1:]); print(a / (a + b))" "$search" "$calibrate")
  python3 - "$search" "$calibrate" "$out/held.csv" <<'PY'
import csv, sys
from pathlib import Path
tables = [Path(p).with_suffix(".csv") for p in sys.argv[1:3]]
if all(t.exists() for t in tables):
    rows = [(r["class"], f"{part}{r['track']}") for part, t in enumerate(tables, 1) for r in csv.DictReader(t.open()) if "track" in r]
    if rows:
        with open(sys.argv[3], "w", newline="") as file:
            csv.writer(file).writerows([("index", "class", "track"), *((i, *r) for i, r in enumerate(rows))])
PY
  build/release/examples/adapt --backbone $backbone --weights "$out/joint.safetensors" --trained "$out/joint.safetensors" --train "$train" \
    --calibrate "$out/held.bin" --search-share "$share" --report "$report" --out "$out/$ours" --rounds 4 --learning-rate 1e-3 "${adapting[@]}" >"$out/$ours.txt"
fi
[[ -f $out/gtsrb_ours.hpp ]] || cp bench/comparators/ours/gtsrb_ours.hpp "$out"
[[ -f $out/cifar10_ours.hpp ]] || cp bench/comparators/ours/cifar10_ours.hpp "$out"
quietly cmake --preset release -DFLEXDNN_COMPARED="$out"
quietly cmake --build --preset release --target bench_compare_systems
build/release/bench/comparators/compare_systems --data-set "$set_name" --weights "$out" --search "$search" --calibrate "$calibrate" \
  --report "$report" --out "$out/systems"
