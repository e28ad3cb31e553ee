# SPDX-License-Identifier: MIT
# Toolchain of the preset `aarch64`: Debian's cross compiler; programs run emulated, with every extension on.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64 -cpu max -L /usr/aarch64-linux-gnu)

# Headers alone, but Debian files its CMake package under the architecture that it was installed for.
file(GLOB xsimd_DIR /usr/lib/*/cmake/xsimd)
