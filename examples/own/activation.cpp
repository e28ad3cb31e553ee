// SPDX-License-Identifier: MIT
// An activation of one's own: mish, for floats and for SIMD vectors, fused into the convolution before it.
#include <cmath>
#include <cstdio>
#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

/// y = x tanh(log(1 + exp(x))) (Misra 2019). tanh(log(1 + e)) is n / (n + 2) with n = e (e + 2), which needs
/// one exp; past 20 the fraction is 1 in floats.
struct mish {
  static constexpr std::string_view type_name = "mish";
  static constexpr layer_role role = layer_role::activation;
  static constexpr shape output(shape in) { return in; }

  template <class V>
  static V apply(V x) {
    const V e = exp(clamp(x, -87.0F, 20.0F));
    const V n = e * (e + V(2.0F));
    return x * n / (n + V(2.0F));
  }
};

struct scores : network<input<1, 1, 1>, conv2d<9>, mish> {};

int main() {
  static_assert(lowered<scores>::steps.size() == 1);  // one kernel call
  static packed<scores> values;
  std::array<float, 18> weights{};  // nine weights, then nine biases
  for (std::size_t i = 0; i < 9; ++i) weights[i] = static_cast<float>(i) - 4.0F;
  pack(std::span<const float, 18>(weights), values);
  static engine<scores> net{values};
  const float frame[] = {10.0F};
  net.run(frame);
  for (std::size_t i = 0; i < 9; ++i) {
    const double x = 10.0 * static_cast<double>(weights[i]);
    const double wanted = x * std::tanh(std::log1p(std::exp(x)));
    const double got = static_cast<double>(net.logits()[i]);
    std::printf("mish(%3.0f) = %g\n", x, got);
    if (std::abs(got - wanted) > 1e-5 * std::fmax(1.0, std::abs(wanted))) return 1;
  }
}
