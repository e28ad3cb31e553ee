# SPDX-License-Identifier: MIT
# Sourced by the three run.sh: installs Debian packages that are missing, and runs noisy commands quietly.

# need_packages PACKAGE...: touches the network only when one is missing. Elsewhere than on Debian, and
# without root or sudo, it says so and goes on: CMake then names what it cannot find.
need_packages() {
  if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
    echo "not a Debian machine: nothing is installed here; wanted are $*" >&2
    return 0
  fi
  local package missing=() as_root=()
  for package in "$@"; do
    if [[ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" != installed ]]; then
      missing+=("$package")
    fi
  done
  ((${#missing[@]})) || return 0
  if [[ $(id -u) -ne 0 ]]; then
    if ! command -v sudo >/dev/null; then
      echo "neither root nor sudo: please install ${missing[*]}" >&2
      return 0
    fi
    as_root=(sudo)
  fi
  echo "installing ${missing[*]}" >&2
  quietly "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=400 update &&
    quietly "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get -o DPkg::Lock::Timeout=400 install -y --no-install-recommends "${missing[@]}"
}

# quietly COMMAND...: shows the command's output, on stderr, only when it fails.
quietly() {
  local log code=0
  log=$(mktemp)
  "$@" >"$log" 2>&1 </dev/null || code=$?
  if ((code)); then
    cat "$log" >&2
    echo "failed ($code): $*" >&2
  fi
  rm -f "$log"
  return "$code"
}

# Packages that every preset needs, those of the presets `clang` and `sanitize`, of the benchmarks, of reports, of video, of
# training on several processes, and of `aarch64`.
base_packages=(g++ cmake ninja-build python3 libxsimd-dev libeigen3-dev doctest-dev libbenchmark-dev
  libcli11-dev nlohmann-json3-dev libstb-dev zlib1g-dev libonnx-dev libprotobuf-dev)
clang_packages=(clang-16 libclang-rt-16-dev)
bench_packages=(libdnnl-dev)
example_packages=(gnuplot-nox)
video_packages=(ffmpeg)
mpi_packages=(libopenmpi-dev openmpi-bin)
aarch64_packages=(g++-aarch64-linux-gnu qemu-user)

# Ninja schedules across targets; a build directory that exists keeps the generator it has.
use_ninja() {
  if command -v ninja >/dev/null; then
    export CMAKE_GENERATOR=Ninja
  fi
}
