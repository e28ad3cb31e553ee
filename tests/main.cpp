// SPDX-License-Identifier: MIT
// main: doctest's entry point, compiled once for all test programs.
#define DOCTEST_CONFIG_IMPLEMENT  // implied by the next line, but not where doctest was precompiled
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
