#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# What adapt makes of a network, by the recipe that README's figures come from: cuts the images (by track where they have
# tracks), trains the backbone unless --weights has it, adapts it, prints the table. Goes on where it was stopped: what
# stands in FOLDER is not done again. Everything random has a seed; nothing is downloaded.
# usage: bench/studies/adapt.sh gtsrb_resnet20|gtsrb_vgg16|scenes8_resnet14|vehicles_resnet14|lenet|resnet56
#          --train FILE... --report FILE... --out FOLDER [--held FILE...] [--weights FILE] [--trained FILE]
#   --held     images to search and calibrate on; without it they are cut from --train
#   --weights  of the backbone: needed for resnet56 (published) and gtsrb_vgg16 (vgg16_torch.py), which come with --held
#   --trained  of resnet56 after exits_torch.py, to choose from its exits; without it adapt trains all by itself
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/cmake/packages.sh"

complain() { echo "bench/studies/adapt.sh: $1" >&2; exit 2; }
usage() { sed -n '3,12s/^# //p' "${BASH_SOURCE[0]}"; }

[[ ${1:-} != -h && ${1:-} != --help ]] || { usage; exit 0; }
network=${1:-} out='' weights='' trained=''
train=() held=() report=()
shift || true
while (($#)); do
  option=$1
  shift
  case $option in
    --out | --weights | --trained)
      [[ $# -ge 1 && -n $1 ]] || complain "$option wants a value"
      declare "${option#--}=$1"
      shift
      ;;
    --train | --held | --report)
      declare -n files=${option#--}
      while (($#)) && [[ $1 != --* ]]; do files+=("$1"); shift; done
      ;;
    *) complain "unknown option $option; --help tells them" ;;
  esac
done

signs=(--shift 3 --rotation 12 --scale 0.15 --brightness 0.4 --contrast 0.4 --saturation 0.4 --cutout 8)
photographs=(--shift 4 --rotation 5 --scale 0.1 --brightness 0.2 --contrast 0.2)
start=$network name=$network extent='3 32 32' share=0.2 distillation=0.5
case $network in
  gtsrb_resnet20)
    start=gtsrb_resnet20_joint classes=43 images=("${signs[@]}")
    course=(--epochs 45 --weight-decay 1e-3)
    # The exits that it was trained with are there. Two thirds of the tracks calibrate: 115 would let 0.16 pass at 1 %.
    search=(--loss 0.01 --search-share 0.3334 --rounds 8 --round-epochs 2 --epochs 8 --learning-rate 1e-3)
    ;;
  gtsrb_vgg16)
    images=("${signs[@]}")
    # After each of the first twelve convolutions, behind the pooling where one follows.
    search=(--cuts 1 3 4 6 7 8 10 11 12 14 15 16 --loss 0.01 --search-share 0.3334 --first-epochs 2 --rounds 6 --search-images 3000
      --epochs 8)
    ;;
  scenes8_resnet14)
    classes=8 extent='1 64 64' share=0.25 images=("${photographs[@]}")
    course=(--epochs 80 --batch 32)
    search=(--cuts 1 2 3 4 5 6 --loss 0.02 --batch 32 --first-epochs 10 --rounds 5 --round-epochs 4 --epochs 40 --joint-epochs 40
      --joint-learning-rate 0.02)
    ;;
  vehicles_resnet14)
    classes=2 images=("${photographs[@]}")
    course=(--epochs 30)
    search=(--cuts 1 2 3 4 5 6 --loss 0.01 --first-epochs 3 --rounds 5 --round-epochs 2 --epochs 15)
    ;;
  lenet)
    classes=10 extent='1 28 28' share=0.1667 images=(--shift 2) distillation=0  # as in branchynet.sh
    course=(--epochs 12)
    search=(--cuts 1 2 4 --epochs 9 --first-epochs 1 --rounds 5 --joint-epochs 18 --joint-learning-rate 0.02)
    ;;
  resnet56)
    images=() distillation=0.7
    search=(--cuts 4 6 8 10 12 14 16 19 22 --rounds 6 --search-images 8000 --epochs 2 --joint-epochs 12)
    # Of 27 removals tried of exits that were trained with the trunk, two made frames cheaper: none is tried.
    [[ -z $trained ]] || name=cifar10_resnet56_mixed search=()
    ;;
  *) complain "unknown network '$network'; --help tells them" ;;
esac
((${#train[@]} && ${#report[@]})) && [[ -n $out ]] || complain "--train, --report and --out are needed"
if [[ -z ${course+x} ]]; then
  [[ -n $weights && ${#held[@]} -gt 0 ]] || complain "$network wants --weights and --held"
fi

mkdir -p "$out"
use_ninja
(cd "$root" && quietly cmake --preset release &&
  quietly cmake --build --preset release --target example_train example_adapt example_split_images)
programs=$root/build/release/examples

if ((${#held[@]} == 0)); then
  [[ -f $out/train.bin && -f $out/held.bin ]] ||
    "$programs/split_images" --images "${train[@]}" --extent $extent --classes $classes \
      --shares "$(python3 -c "print(1 - $share)")" $share --out "$out/train.bin" "$out/held.bin"
  train=("$out/train.bin") held=("$out/held.bin")
fi
if [[ -z $weights ]]; then
  weights=$out/backbone.safetensors
  if [[ ! -f $out/trained ]]; then
    resume=()
    [[ ! -f $out/backbone.checkpoint ]] || resume=(--resume)
    "$programs/train" --backbone "$start" --train "${train[@]}" --out "$weights" "${course[@]}" "${images[@]}" "${resume[@]}"
    touch "$out/trained"
  fi
fi
if [[ ! -f $out/$name.txt ]]; then
  [[ -n $trained || $start == "$network" ]] || trained=$weights  # it was trained with exits
  more=(${trained:+--trained "$trained"})
  [[ ! -f $out/$name.checkpoint ]] || more+=(--resume)
  "$programs/adapt" --backbone "$network" --weights "$weights" --train "${train[@]}" --calibrate "${held[@]}" --report "${report[@]}" \
    --out "$out/$name" --distillation $distillation "${search[@]}" "${images[@]}" "${more[@]}" >"$out/table"
  mv "$out/table" "$out/$name.txt"
fi
cat "$out/$name.txt"
