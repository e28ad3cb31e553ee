// SPDX-License-Identifier: MIT
// A layer of one's own with parameters: PyTorch's PReLU, whose weights load from files under its own name.
#include <cstdio>
#include <flexdnn/flexdnn.hpp>
#include <flexdnn/io.hpp>

using namespace flexdnn;

/// y[c,r,q] = x where x >= 0, else weight[c] x (He et al. 2015). Shape unchanged; C parameters.
struct prelu {
  static constexpr std::string_view type_name = "prelu";
  static constexpr layer_role role = layer_role::general;
  static constexpr shape output(shape in) { return in; }
  static constexpr auto parameters(shape in) { return std::array{parameter{"weight", {in.channels}, 1}}; }

  // Maps are channels last: a pixel's channels lie side by side.
  static void run(shape in, const float* x, const float* weight, float* y, float*) noexcept {
    for (int p = 0; p < in.pixels(); ++p) {
      for (int c = 0; c < in.channels; ++c, ++x) *y++ = *x < 0.0F ? weight[c] * *x : *x;
    }
  }
};

struct net : network<input<3, 2, 2>, named<"act", prelu>, global_average_pool> {};

int main() {
  std::printf("%s", describe<net>().c_str());
  if (parameters<net>().front().name != "act.weight") return 1;
  static packed<net> values;
  const float slopes[] = {0.5F, 0.25F, 1.0F};
  pack(std::span<const float, 3>(slopes), values);
  static engine<net> run{values};
  const float frame[] = {-4, -4, -4, 4, 4, 4, 4, 4, 4, -4, -4, -4};  // four pixels of three channels
  run.run(frame);
  const float wanted[] = {1.0F, 1.5F, 0.0F};
  for (std::size_t c = 0; c < 3; ++c) {
    if (run.logits()[c] != wanted[c]) return 1;
  }
}
