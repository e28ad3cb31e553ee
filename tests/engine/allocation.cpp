// SPDX-License-Identifier: MIT
// allocation: running, resuming and finishing a frame take nothing from the heap; an engine is its workspace.
#include <doctest/doctest.h>

#include <flexdnn/engine/fork_join.hpp>
#include <flexdnn/flexdnn.hpp>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

#include "count_allocations.hpp"
#include "networks.hpp"

using namespace flexdnn;

namespace {

/// Bytes that malloc has handed out, where the C library tells.
std::size_t bytes_in_use() {
#if defined(__GLIBC__)
  return static_cast<std::size_t>(mallinfo2().uordblks);
#else
  return 0;
#endif
}

packed<networks::inserted> weights;
engine<networks::inserted, entropy_confidence<networks::inserted>> net{
    weights, thresholds{0.0F, 0.5F, 0.5F, 0.5F, 0.5F, 0.5F}};

}  // namespace

TEST_CASE("run, resume and finish allocate nothing") {
  static constexpr std::array<float, networks::inserted::frame.size()> frame{};
  int exits = 0;
  const std::size_t bytes = bytes_in_use();
  const long before = allocations;
  for (int i = 0; i < 10; ++i) {
    exits += net.run(frame).exit + net.resume().exit + net.finish().exit;
    exits += net.run(frame, [&](const evidence& e, const verdict&) { exits += e.exit; }).exit;
  }
  const long after = allocations;
  const std::size_t bytes_after = bytes_in_use();
  CHECK(after == before);
  CHECK(bytes_after == bytes);
  CHECK(exits > 0);
}

TEST_CASE("nor do they on two threads") {
  struct shared : network<input<3, 32, 32>, conv2d<16, kernel<3>>, relu, exit_branch<"a", networks::head>,
                          conv2d<16, kernel<3>>, networks::head> {};
  static packed<shared> some;
  static engine<shared, always_first, cpu<native, fast, fork_join<2>>> both{some};
  static constexpr std::array<float, shared::frame.size()> frame{};
  both.run(frame);  // the C library allocates when the helper starts
  const long before = allocations;
  int exits = 0;
  for (int i = 0; i < 10; ++i) exits += both.run(frame).exit + both.finish().exit;
  const long after = allocations;
  CHECK(after == before);
  CHECK(exits == 10);
}

TEST_CASE("sizeof(engine) is the working memory, and run cannot throw") {
  constexpr std::size_t workspace =
      program<networks::inserted, native_target>::workspace_floats * sizeof(float);
  CHECK(sizeof(net) >= workspace);
  CHECK(sizeof(net) <= workspace + 256);
  CHECK(sizeof(weights) - sizeof(float) * program<networks::inserted, native_target>::packed_floats < 64);
  static_assert(noexcept(net.run(std::declval<engine<networks::inserted>::frame>())));
  static_assert(noexcept(net.resume())&& noexcept(net.finish()));
}
