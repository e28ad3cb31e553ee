# SPDX-License-Identifier: MIT
# Dependency provider of the preset `fetch`: answers find_package by downloading. The library itself
# never downloads; this file is injected through CMAKE_PROJECT_TOP_LEVEL_INCLUDES.
include(FetchContent)
set(FETCHCONTENT_QUIET ON)

set(fetch_xsimd_url https://github.com/xtensor-stack/xsimd/archive/refs/tags/14.3.0.tar.gz)
set(fetch_Eigen3_url https://gitlab.com/libeigen/eigen/-/archive/3.4.0/eigen-3.4.0.tar.gz)
set(fetch_doctest_url https://github.com/doctest/doctest/archive/refs/tags/v2.4.9.tar.gz)
set(fetch_benchmark_url https://github.com/google/benchmark/archive/refs/tags/v1.9.1.tar.gz)
set(fetch_CLI11_url https://github.com/CLIUtils/CLI11/archive/refs/tags/v2.1.2.tar.gz)
set(fetch_nlohmann_json_url https://github.com/nlohmann/json/archive/refs/tags/v3.11.2.tar.gz)

# Header-only packages: the target that their own CMake would define, and where their headers lie.
# Their build files are not run (Eigen's alone configures for half a minute).
set(fetch_xsimd_target xsimd include)
set(fetch_Eigen3_target Eigen3::Eigen .)
set(fetch_doctest_target doctest::doctest .)
set(fetch_CLI11_target CLI11::CLI11 include)
set(fetch_nlohmann_json_target nlohmann_json::nlohmann_json include)
set(fetch_xsimd_version 14.3.0)

macro(flexdnn_fetch method package)
  if(DEFINED fetch_${package}_target)
    list(GET fetch_${package}_target 0 fetch_name)
    if(NOT TARGET ${fetch_name})
      FetchContent_Declare(${package} URL ${fetch_${package}_url} DOWNLOAD_EXTRACT_TIMESTAMP ON
                           SOURCE_SUBDIR no_build_files)
      FetchContent_MakeAvailable(${package})
      string(TOLOWER ${package} fetch_lower)
      list(GET fetch_${package}_target 1 fetch_headers)
      add_library(${fetch_name} INTERFACE IMPORTED GLOBAL)
      target_include_directories(${fetch_name} INTERFACE ${${fetch_lower}_SOURCE_DIR}/${fetch_headers})
    endif()
    set(${package}_FOUND TRUE)
    set(${package}_VERSION "${fetch_${package}_version}")
  elseif("${package}" STREQUAL "benchmark")
    set(BENCHMARK_ENABLE_TESTING OFF)
    set(BENCHMARK_ENABLE_INSTALL OFF)
    set(BENCHMARK_ENABLE_WERROR OFF)
    FetchContent_Declare(benchmark URL ${fetch_benchmark_url} DOWNLOAD_EXTRACT_TIMESTAMP ON SYSTEM)
    FetchContent_MakeAvailable(benchmark)
    set(benchmark_FOUND TRUE)
  endif()
endmacro()
cmake_language(SET_DEPENDENCY_PROVIDER flexdnn_fetch SUPPORTED_METHODS FIND_PACKAGE)
