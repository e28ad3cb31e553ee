// SPDX-License-Identifier: MIT
// The README's layer and policy of one's own, as written there: they compose, pack and run like the
// library's.
#include <doctest/doctest.h>

#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

namespace {

struct square {
  static constexpr std::string_view type_name = "square";
  static constexpr layer_role role = layer_role::activation;
  static constexpr shape output(shape in) { return in; }
  template <class V>
  static V apply(V x) {
    return x * x;
  }
};

/// A layer with parameters and a run of its own: y = x + offset[channel].
struct shifted {
  static constexpr std::string_view type_name = "shifted";
  static constexpr layer_role role = layer_role::general;
  static constexpr shape output(shape in) { return in; }
  static constexpr auto parameters(shape in) { return std::array{parameter{"offset", {in.channels}, 1}}; }
  static void run(shape in, const float* x, const float* weights, float* y, float*) noexcept {
    for (int p = 0; p < in.pixels(); ++p) {
      for (int c = 0; c < in.channels; ++c) y[p * in.channels + c] = x[p * in.channels + c] + weights[c];
    }
  }
};

struct sure_of_cats {
  verdict operator()(const evidence& e) const noexcept {
    return {e.label == 3, max_probability_score::confidence(e.logits)};
  }
};

struct own : network<input<1, 1, 2>, conv2d<4, kernel<1>, bias<false>>, square, shifted,
                     exit_branch<"early", global_average_pool>, global_average_pool> {};

using low = lowered<own>;

}  // namespace

TEST_CASE("the activation is fused, the parameters are in order, the numbers are right") {
  static_assert(low::steps[0].activation == 1);  // one call for convolution and square
  static_assert(low::parameters == 8);
  static_assert(exit_policy<sure_of_cats>);
  // weights 1 2 3 4, the last offset 30 or -80; frame 1, 3: mean of squares is 5 w^2
  const std::array<float, 8> cat{1, 2, 3, 4, 0, 10, 20, 30}, other{1, 2, 3, 4, 0, 10, 20, -80};
  const std::array<float, 2> frame{1, 3};
  static packed<own> values;
  static engine<own, sure_of_cats> net{values};

  pack(std::span<const float, 8>(cat), values);
  const auto left = net.run(frame);
  CHECK(left.exit == 0);
  CHECK(left.label == 3);
  const std::array<float, 4> expected{5, 30, 65, 110};
  for (std::size_t c = 0; c < 4; ++c) CHECK(net.logits()[c] == expected[c]);

  pack(std::span<const float, 8>(other), values);
  const auto stayed = net.run(frame);
  CHECK(stayed.exit == 1);
  CHECK(stayed.label == 2);
}
