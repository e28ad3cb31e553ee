// SPDX-License-Identifier: MIT
// processes: programs that several processes run together, and how they end together.
#pragma once

#include <flexdnn/train/communicator.hpp>
#include <memory>
#include <stdexcept>

#include "failure.hpp"

namespace examples {

/// Those of mpirun where the program was built with MPI, else this one alone. First in main.
[[nodiscard]] std::unique_ptr<flexdnn::communicator> join_processes();

/// A status that every process has alike.
inline void require_agreed(const flexdnn::status& s) {
  if (!s) throw shared_failure(s.message());
}

/// Calls f, which does not communicate, on every process. What one of them throws, all throw.
template <class F>
void on_all(flexdnn::communicator& processes, F f) {
  if (processes.size() == 1) return f();
  flexdnn::status own;
  try {
    f();
  } catch (const std::exception& e) {
    own = flexdnn::status::error(flexdnn::code::bad_option, "%s", e.what());
  }
  require_agreed(agree(processes, own));
}

}  // namespace examples
