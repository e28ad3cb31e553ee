// SPDX-License-Identifier: MIT
// children: what a program must leave behind as it found it: open descriptors, and no child.
#pragma once

#include <sys/wait.h>

#include <cstddef>
#include <filesystem>
#include <iterator>

namespace io_test {

struct resources {
  std::ptrdiff_t descriptors = std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                                             std::filesystem::directory_iterator());
  /// -1: there is none, neither running nor a zombie.
  pid_t child = waitpid(-1, nullptr, WNOHANG);

  friend bool operator==(const resources&, const resources&) = default;
};

}  // namespace io_test
