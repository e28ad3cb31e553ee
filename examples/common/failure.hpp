// SPDX-License-Identifier: MIT
// failure: how the example programs stop: one sentence on stderr, exit code 1; 2 for a wrong command line.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <flexdnn/core/status.hpp>
#include <stdexcept>

namespace examples {

inline void require(const flexdnn::status& s) {
  if (!s) throw std::runtime_error(s.message());
}

/// Parses the command line, runs the body, and turns what it throws into a sentence and an exit code.
template <class Body>
int run_program(CLI::App& program, int argc, char** argv, Body body) {
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return program.exit(e) == 0 ? 0 : 2;
  }
  try {
    body();
  } catch (const std::exception& e) {
    std::fflush(stdout);
    std::fprintf(stderr, "%s: %s\n", program.get_name().c_str(), e.what());
    return 1;
  }
  return 0;
}

}  // namespace examples
