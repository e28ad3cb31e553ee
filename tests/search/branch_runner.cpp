// SPDX-License-Identifier: MIT
// branch_runner: the bits of the engine of the same branch as a type.
#include <flexdnn/search/branch_runner.hpp>

#include <doctest/doctest.h>

#include <flexdnn/flexdnn.hpp>
#include <memory>

using namespace flexdnn;

namespace {

using enum branch_stage::kind;

template <shape Map, int First, int Second>
struct compiled
    : network<input<Map.channels, Map.height, Map.width>, relu,
              exit_branch<"one", separable_conv2d<First, kernel<3>, bias<false>>, batch_norm, relu,
                          max_pool2d<kernel<2>>, separable_conv2d<Second, kernel<3>, bias<false>>, batch_norm,
                          relu, global_average_pool, dense<5>>,
              global_average_pool, dense<5>> {};

template <shape Map, int First, int Second>
void same_bits() {
  CAPTURE(First);
  using net = compiled<Map, First, Second>;
  random_generator random(7);
  branch_candidate c = drawn({Map, 5, {{separable, First}, {pooled}, {separable, Second}}}, random);
  for (float& w : c.parameters) w += 0.1F * static_cast<float>(random.uniform());
  std::vector<float> canonical(lowered<net>::parameters, 0.5F);
  std::copy(c.parameters.begin(), c.parameters.end(),
            canonical.begin() + static_cast<std::ptrdiff_t>(lowered<net>::trunk_parameters));
  const auto weights = std::make_unique<packed<net>>();
  pack(std::span<const float, lowered<net>::parameters>(canonical), *weights);
  const auto whole = std::make_unique<engine<net, always_first>>(*weights);
  branch_runner runner(c);
  for (int i = 0; i < 3; ++i) {
    std::vector<float> frame(Map.size());
    for (float& x : frame) x = static_cast<float>(random.normal());
    (void)whole->run(typename engine<net>::frame(frame));
    const auto got = runner.run(whole->features(0).data());
    CHECK(std::ranges::equal(got, whole->logits()));
  }
}

}  // namespace

TEST_CASE("the engine's bits, at widths that fill vectors and that do not") {
  same_bits<shape{16, 12, 12}, 32, 64>();
  same_bits<shape{8, 9, 7}, 24, 10>();
  same_bits<shape{3, 8, 8}, 5, 33>();
}
