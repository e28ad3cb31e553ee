// SPDX-License-Identifier: MIT
// workspace: the plan run on a memory of tokens: each step must find the very values that it reads.
#include <flexdnn/plan/workspace.hpp>

#include <doctest/doctest.h>

#include <random>
#include <vector>

#include "networks.hpp"

using namespace flexdnn;

namespace {

/// Scratch of 0 to 199 floats for every step: more than kernels ask for, so that places collide.
template <class Network>
constexpr auto some_scratch = [] {
  std::array<std::size_t, lowered<Network>::steps.size()> floats{};
  for (std::size_t i = 0; i < floats.size(); ++i) floats[i] = i * 73 % 200;
  return floats;
}();

struct span {
  std::size_t first, last;
  [[nodiscard]] bool meets(span other) const { return first < other.last && other.first < last; }
};

template <class Network>
class simulation {
  using low = lowered<Network>;
  static constexpr auto plan = plan_workspace<Network>(some_scratch<Network>);

 public:
  void run() {
    std::size_t first = 0;
    for (const exit_point& e : low::exits) {
      steps(first, index(e.last), -1);
      first = index(e.last);
      if (e.input > 0) CHECK(holds(e.input));  // what the branch read is still whole, for features and resume
      CHECK(holds(e.value));
    }
    CHECK(first == low::steps.size());
  }

  static void size() {
    std::size_t sum = 0, least = 0;
    for (std::size_t s = 0; s < low::steps.size(); ++s) {
      const step& one = low::steps[s];
      const std::size_t read = one.input > 0 && !in_place(one, one.input) ? one.in.size() : 0;
      least = std::max(least, one.out.size() + read + some_scratch<Network>[s]);
      sum += (one.out.size() + 15) / 16 * 16 + (some_scratch<Network>[s] + 15) / 16 * 16;
    }
    CHECK(plan.size <= sum);
    CHECK(plan.size >= least);
  }

 private:
  static constexpr std::size_t index(int i) { return static_cast<std::size_t>(i); }
  static bool in_place(const step& one, int operand) {
    return plan.value[index(operand)] == plan.value[index(one.output)];
  }
  static span place(int value) {
    const std::size_t offset = plan.value[index(value)];
    return {offset, offset + low::values[index(value)].size()};
  }
  [[nodiscard]] bool holds(int value) const {
    const span p = place(value);
    return std::all_of(memory_.begin() + static_cast<std::ptrdiff_t>(p.first),
                       memory_.begin() + static_cast<std::ptrdiff_t>(p.last),
                       [&](int token) { return token == tokens_[index(value)]; });
  }
  void write(span p, int token) {
    REQUIRE(p.last <= plan.size);
    for (std::size_t i = p.first; i < p.last; ++i) memory_[i] = token;
  }

  /// Steps [first, last), loops as loops: in each round what is carried in is what was carried out.
  void steps(std::size_t first, std::size_t last, int parent) {
    while (first < last) {
      int inner = -1;
      for (std::size_t l = 0; l < low::loops.size(); ++l) {
        const loop& one = low::loops[l];
        if (one.parent == parent && index(one.first) == first && one.last > one.first)
          inner = static_cast<int>(l);
      }
      if (inner < 0) {
        call(first++);
        continue;
      }
      const loop& one = low::loops[index(inner)];
      for (int r = 0; r < one.count; ++r) {
        steps(first, index(one.last), inner);
        tokens_[index(one.carried_in)] = tokens_[index(one.carried_out)];
      }
      first = index(one.last);
    }
  }

  void call(std::size_t s) {
    const step& one = low::steps[s];
    CAPTURE(s);
    const span out = place(one.output);
    const std::size_t from = plan.scratch[s];
    const span scratch{from, from + some_scratch<Network>[s]};
    const bool element_wise =
        one.role == layer_role::activation || one.role == layer_role::channel_affine || one.lead < 0;
    CHECK_FALSE(scratch.meets(out));
    write(scratch, --garbage_);
    for (const int v : {one.input, one.residual}) {
      if (v <= 0) continue;
      CHECK(holds(v));
      const bool may_share = element_wise || (v == one.residual && v != one.input);
      if (may_share && place(v).first == out.first) continue;
      CHECK_FALSE(place(v).meets(out));
    }
    write(out, ++token_);
    tokens_[index(one.output)] = token_;
  }

  std::vector<int> memory_ = std::vector<int>(plan.size, 0);
  std::array<int, low::values.size()> tokens_{};
  int token_ = 0, garbage_ = 0;
};

template <class Network>
void holds() {
  simulation<Network>{}.run();
  simulation<Network>::size();
}

}  // namespace

TEST_CASE("layers in a row") { holds<networks::plain>(); }
TEST_CASE("residuals round one convolution") { holds<networks::single_convolutions>(); }
TEST_CASE("shortcuts with layers") { holds<networks::shortcuts>(); }
TEST_CASE("loops") { holds<networks::loops>(); }
TEST_CASE("loops in loops, residuals in both") { holds<networks::nested>(); }
TEST_CASE("the trunk's map survives every branch") {
  holds<networks::inserted>();
  holds<networks::inserted_flat>();
  holds<networks::written>();
}
TEST_CASE("a CIFAR ResNet") {
  holds<resnet_cifar<20>>();
  holds<resnet_cifar<32, 10, projection>>();
  // Two maps of 16 x 32 x 32 floats and nothing else: a block works in the place of its shortcut.
  constexpr auto none_asked = std::array<std::size_t, lowered<resnet_cifar<20>>::steps.size()>{};
  CHECK(plan_workspace<resnet_cifar<20>>(none_asked).size == 2 * 16 * 32 * 32);
}
