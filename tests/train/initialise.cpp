// SPDX-License-Identifier: MIT
// Laws of initialise: deviations of the layers' fans, neutral batch norms, and nothing outside the part.
#include <doctest/doctest.h>

#include <cmath>
#include <flexdnn/flexdnn.hpp>
#include <flexdnn/train/initialise.hpp>

using namespace flexdnn;

namespace {

struct begun : network<input<8, 4, 4>, conv2d<64, kernel<3>>, batch_norm, depthwise_conv2d<kernel<3>>,
                       exit_branch<"e", global_average_pool, dense<4>>, global_average_pool, dense<4>> {};

double deviation_of(const float* w, std::size_t count) {
  double squares = 0.0;
  for (std::size_t i = 0; i < count; ++i) squares += static_cast<double>(w[i]) * static_cast<double>(w[i]);
  return std::sqrt(squares / static_cast<double>(count));
}

}  // namespace

TEST_CASE("each layer is drawn by its kind") {
  const training_graph g = make_training_graph<begun>();
  std::vector<float> w(g.parameters, 7.0F), again = w;
  initialise(g, trained_part::whole, 1, w);
  CHECK(deviation_of(w.data(), 64 * 8 * 9) == doctest::Approx(std::sqrt(2.0 / (64 * 9))).epsilon(0.03));
  CHECK(w[64 * 8 * 9] == 0.0F);
  const float* const norm = w.data() + 64 * 8 * 9 + 64;
  for (std::size_t i = 0; i < 256; ++i) CHECK(norm[i] == (i < 64 || i >= 192 ? 1.0F : 0.0F));
  CHECK(deviation_of(norm + 256, 64 * 9) == doctest::Approx(std::sqrt(2.0 / 9)).epsilon(0.1));
  initialise(g, trained_part::exits, 1, again);
  CHECK(again[0] == 7.0F);
  CHECK(again.back() == w.back());
  CHECK(std::abs(again[g.parameters - 5]) <= 1.0F / 8.0F);
  CHECK(again[g.parameters - 5] == w[g.parameters - 5]);
}
