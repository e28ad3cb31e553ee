// SPDX-License-Identifier: MIT
// communicator: what training asks of the processes that share its work.
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <thread>

#include "../core/status.hpp"

namespace flexdnn {

/// Processes in a row. This one is alone, and its functions do nothing; mpi/mpi_communicator.hpp has others.
/// All processes make the same calls in the same order, each from one thread. An error in communication ends
/// all of them.
class communicator {
 public:
  communicator() = default;
  communicator(const communicator&) = delete;
  communicator& operator=(const communicator&) = delete;
  virtual ~communicator() = default;

  [[nodiscard]] virtual int rank() const { return 0; }  ///< from 0
  [[nodiscard]] virtual int size() const { return 1; }
  [[nodiscard]] virtual int local_size() const { return 1; }  ///< processes on this machine

  /// What the process before this one sends; the first keeps what it has.
  virtual void receive(std::span<std::byte> /*values*/) {}
  /// To the process behind this one; the last sends nothing.
  virtual void send(std::span<const std::byte> /*values*/) {}
  /// What process `root` has, all have then.
  virtual void broadcast(std::span<std::byte> /*values*/, int /*root*/) {}
  /// Ends the other processes, wherever they are.
  virtual void abandon() {}
};

/// The one process of a program that has no others.
inline communicator& alone() {
  static communicator one;
  return one;
}

/// Threads of each process: as many as asked, 0: its share of this machine's cores.
[[nodiscard]] inline unsigned threads_of(const communicator& processes, unsigned asked) {
  const auto local = static_cast<unsigned>(processes.local_size());
  return asked > 0 ? asked : std::max(1U, std::thread::hardware_concurrency() / local);
}

/// add() adds this process's numbers to `sum`, which the processes before have begun; the last one then has
/// the sum of all. Floating-point numbers are so added in one order, that of a single process, and to its
/// bits: a reduction in a tree would depend on the number of processes. It costs no waiting where nobody
/// needs the sum at once: the others go on with what they have next.
template <class T, class Add>
void add_in_order(communicator& processes, std::span<T> sum, Add add) {
  processes.receive(std::as_writable_bytes(sum));
  add();
  processes.send(std::as_bytes(sum));
}

/// What the last process has, all have then.
template <class T>
void share_sum(communicator& processes, std::span<T> sum) {
  processes.broadcast(std::as_writable_bytes(sum), processes.size() - 1);
}

/// An error of one process is the error of all: the first one's, which says whose it is. Every process gets
/// the same answer, so that all of them stop.
[[nodiscard]] inline status agree(communicator& processes, const status& own) {
  if (processes.size() == 1) return own;
  status first;
  add_in_order(processes, std::span(&first, 1), [&] {
    if (!first || own) return;
    first =
        status::error(own.code(), "process %d of %d: %s", processes.rank(), processes.size(), own.message());
  });
  share_sum(processes, std::span(&first, 1));
  return first;
}

}  // namespace flexdnn
