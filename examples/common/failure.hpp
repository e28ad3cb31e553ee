// SPDX-License-Identifier: MIT
// failure: how the example programs stop: one sentence on stderr, exit code 1; 2 for a wrong command line.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <flexdnn/core/status.hpp>
#include <flexdnn/train/communicator.hpp>
#include <stdexcept>
#include <string>

namespace examples {

/// A failure that every process of the program has alike.
struct shared_failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline void require(const flexdnn::status& s) {
  if (!s) throw std::runtime_error(s.message());
}

/// Parses the command line, runs the body, and turns what it throws into a sentence and an exit code. Of
/// several processes the first speaks where all failed alike; one that fails by itself says so and ends the
/// others, which would wait for it.
template <class Body>
int run_program(CLI::App& program, int argc, char** argv, Body body,
                flexdnn::communicator& processes = flexdnn::alone()) {
  const bool first = processes.rank() == 0;
  const auto say = [&](const std::string& sentence) {
    std::fflush(stdout);
    std::fprintf(stderr, "%s: %s\n", program.get_name().c_str(), sentence.c_str());
  };
  try {
    program.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    return (first ? program.exit(e) : e.get_exit_code()) == 0 ? 0 : 2;
  }
  try {
    body();
  } catch (const shared_failure& e) {
    if (first) say(e.what());
    return 1;
  } catch (const std::exception& e) {
    const bool one = processes.size() == 1;
    say((one ? "" : "process " + std::to_string(processes.rank()) + ": ") + e.what());
    if (!one) processes.abandon();
    return 1;
  }
  return 0;
}

}  // namespace examples
