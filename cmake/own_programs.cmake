# SPDX-License-Identifier: MIT
# How our own tests, examples and benchmarks are compiled. Nothing here reaches a user of the library.
include(CheckCXXCompilerFlag)
include(CheckCXXSourceRuns)

# Instruction set: AVX2 + FMA where compiler and machine have them, else the compiler's default.
if(NOT DEFINED FLEXDNN_MARCH)
  set(march "")
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$" AND NOT CMAKE_CROSSCOMPILING)
    check_cxx_compiler_flag(-march=x86-64-v3 FLEXDNN_COMPILER_HAS_V3)
    check_cxx_source_runs("int main() {
      __builtin_cpu_init();
      return __builtin_cpu_supports(\"avx2\") && __builtin_cpu_supports(\"fma\") &&
             __builtin_cpu_supports(\"bmi2\") ? 0 : 1;
    }" FLEXDNN_MACHINE_HAS_V3)
    if(FLEXDNN_COMPILER_HAS_V3 AND FLEXDNN_MACHINE_HAS_V3)
      set(march x86-64-v3)
    endif()
  endif()
  set(FLEXDNN_MARCH "${march}" CACHE STRING "-march of our own programs; empty: the compiler's default")
endif()
message(STATUS "FlexDNN: own programs for -march=${FLEXDNN_MARCH}")

add_library(flexdnn_machine INTERFACE)
if(FLEXDNN_MARCH)
  target_compile_options(flexdnn_machine INTERFACE -march=${FLEXDNN_MARCH})
endif()

add_library(flexdnn_strict INTERFACE)
target_link_libraries(flexdnn_strict INTERFACE flexdnn_machine)
target_compile_features(flexdnn_strict INTERFACE cxx_std_20)
if(PROJECT_IS_TOP_LEVEL)
  set(CMAKE_CXX_EXTENSIONS OFF)
  target_compile_options(flexdnn_strict INTERFACE -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion
                         -Wshadow -Wold-style-cast -Werror
                         # GCC 12 takes "a" + std::string for overlapping memory (GCC bug 105651).
                         $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>)
endif()

# Looks for a package that only our own programs use; says in one sentence what to do without it.
macro(flexdnn_need package debian_name option)
  find_package(${package} QUIET)
  if(NOT ${package}_FOUND)
    message(FATAL_ERROR "${option} needs ${package}: apt-get install ${debian_name}, or configure with "
                        "--preset fetch to download it, or with -D${option}=OFF to go without.")
  endif()
endmacro()
