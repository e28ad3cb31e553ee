// SPDX-License-Identifier: MIT
// executor: who computes the shares of a large step; by default nobody but the caller.
#pragma once

namespace flexdnn {

/// One thread: the caller's. Steps are not divided, and nothing of what divides them is linked.
struct sequential {
  static constexpr int threads = 1;
};

/// Has `threads`, how many shares the steps that are worth it are divided in, known when the plan is made;
/// and fork(share), which calls share(0), ..., share(threads - 1), each once, on any threads in any order or
/// at once, and returns when all have. The engine makes one by its default constructor and is the only one
/// to call it. Shares write to places of their own: an answer's bits do not depend on who ran what.
template <class Executor>
concept executor = Executor::threads == 1 || requires(Executor& e, void (*share)(int) noexcept) {
  e.fork(share);
};

}  // namespace flexdnn
