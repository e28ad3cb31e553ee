#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# BranchyNet beside what adapt makes of the same backbone: one training of the backbone, both from its weights, on the
# same images; prints what each costs where both are equally accurate. Goes on where it was stopped: what stands in
# FOLDER is not done again. Nothing is downloaded.
# Without --network: LeNet on Fashion-MNIST (Debian's dataset-fashion-mnist, or --data DIR with its four files), 50,000
# images to train, 10,000 of the training set to calibrate, the 10,000 test images to report.
# usage: bench/studies/branchynet.sh --out FOLDER [--data DIR] [--epochs N]
#        bench/studies/branchynet.sh --out FOLDER --network resnet20|gtsrb_resnet20 --train FILE... --calibrate FILE...
#                                    --report FILE... [--weights BACKBONE] [--epochs N]
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
source "$root/cmake/packages.sh"

complain() { echo "bench/studies/branchynet.sh: $1" >&2; exit 2; }

network=blenet out='' data=/usr/share/datasets/fashion-mnist epochs='' weights=''
train=() calibrate=() report=()
while (($#)); do
  option=$1
  shift
  case $option in
    --out | --network | --data | --epochs | --weights)
      [[ $# -ge 1 && -n $1 ]] || complain "$option wants a value"
      declare "${option#--}=$1"
      shift
      ;;
    --train | --calibrate | --report)
      declare -n files=${option#--}
      while (($#)) && [[ $1 != --* ]]; do files+=("$1"); shift; done
      ;;
    -h | --help) sed -n '3,10s/^# //p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) complain "unknown option $option; --help tells them" ;;
  esac
done
[[ -n $out ]] || complain "--out is needed"
case $network in
  # The first convolution and the first two poolings: adapt's own choice begins at a tenth of the MACs, they are at 9.9 %.
  # Its backbone is young: half of the loss from its answers held the trunk at 88.15 % where BranchyNet's came to 88.97.
  blenet) backbone=lenet joint=100 adapting=(--distillation 0 --cuts 1 2 4 --shift 2) ;;
  resnet20 | gtsrb_resnet20) backbone=$network joint=30 adapting=(--distillation 0.5) ;;
  *) complain "unknown network $network: blenet, resnet20 or gtsrb_resnet20" ;;
esac
if [[ $network == blenet && ${#train[@]} -eq 0 ]]; then
  for file in {train,t10k}-{images-idx3,labels-idx1}-ubyte.gz; do
    [[ -f $data/$file ]] || complain "no $file in $data (Debian: apt-get install dataset-fashion-mnist)"
  done
elif ((${#train[@]} == 0 || ${#calibrate[@]} == 0 || ${#report[@]} == 0)); then
  complain "--train, --calibrate and --report are needed"
fi

mkdir -p "$out"
use_ninja
build=$root/build/release
(cd "$root" && quietly cmake --preset release &&
  quietly cmake --build --preset release --target example_branchynet example_adapt example_split_images)
programs=$build/examples

if ((${#train[@]} == 0)); then
  train=("$out/train.bin") calibrate=("$out/held.bin") report=("$data/t10k-images-idx3-ubyte.gz")
  [[ -f ${train[0]} && -f ${calibrate[0]} ]] ||
    "$programs/split_images" --images "$data/train-images-idx3-ubyte.gz" --extent 1 28 28 --shares 5 1 \
      --out "${train[0]}" "${calibrate[0]}"
fi
images=(--train "${train[@]}" --calibrate "${calibrate[@]}" --report "${report[@]}")

if [[ ! -f $out/branchynet_levels.csv ]]; then
  options=(${epochs:+--backbone-epochs "$epochs" --epochs "$epochs"} ${weights:+--weights "$weights"})
  [[ ! -f $out/branchynet_backbone.checkpoint && ! -f $out/branchynet.checkpoint ]] || options+=(--resume)
  "$programs/branchynet" --network "$network" "${images[@]}" --out "$out/branchynet" "${options[@]}" |
    tee "$out/branchynet.txt"
fi
if [[ ! -f $out/adapted_levels.csv ]]; then
  [[ ! -f $out/adapted.checkpoint ]] || adapting+=(--resume)
  "$programs/adapt" --backbone "$backbone" --weights "${weights:-$out/branchynet_backbone.safetensors}" "${images[@]}" \
    --out "$out/adapted" "${adapting[@]}" --joint-epochs "${epochs:-$joint}" --joint-learning-rate 0.02 | tee "$out/adapted.txt"
fi
echo
python3 "$root/bench/studies/equal_accuracy.py" "BranchyNet=$out/branchynet_levels.csv" "ours=$out/adapted_levels.csv" |
  tee "$out/equal_accuracy.txt"
