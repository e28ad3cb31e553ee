# SPDX-License-Identifier: MIT
# How our own tests, examples and benchmarks are compiled. Nothing here reaches a user of the library.
include(CheckCXXSourceRuns)

# Instruction set: AVX-512, else AVX2 and FMA, where compiler and machine have it; else the compiler's default.
if(NOT DEFINED FLEXDNN_MARCH)
  set(march "")
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$" AND NOT CMAKE_CROSSCOMPILING)
    foreach(level v4 v3)
      set(CMAKE_REQUIRED_FLAGS "-std=c++20 -march=x86-64-${level}")
      set(CMAKE_REQUIRED_INCLUDES ${PROJECT_SOURCE_DIR}/include)
      check_cxx_source_runs("#include <flexdnn/engine/isa.hpp>
        int main() { return flexdnn::machine_has(flexdnn::isa::x86_64_${level}) ? 0 : 1; }" FLEXDNN_RUNS_${level})
      if(FLEXDNN_RUNS_${level})
        set(march x86-64-${level})
        break()
      endif()
    endforeach()
    unset(CMAKE_REQUIRED_FLAGS)
    unset(CMAKE_REQUIRED_INCLUDES)
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
  if(FLEXDNN_MARCH STREQUAL x86-64-v4 AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    # GCC's own AVX-512 header starts from a register that it never sets (GCC bug 105593).
    target_compile_options(flexdnn_strict INTERFACE -Wno-uninitialized -Wno-maybe-uninitialized)
  endif()
endif()

# Looks for a package that only our own programs use; says in one sentence what to do without it.
macro(flexdnn_need package debian_name option)
  find_package(${package} QUIET)
  if(NOT ${package}_FOUND)
    message(FATAL_ERROR "${option} needs ${package}: apt-get install ${debian_name}, or configure with "
                        "--preset fetch to download it, or with -D${option}=OFF to go without.")
  endif()
endmacro()
