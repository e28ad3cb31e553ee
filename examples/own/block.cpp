// SPDX-License-Identifier: MIT
// A block of one's own: ConvNeXt's inverted bottleneck with squeeze-and-excitation, composed of the library's
// parts, named as its author names them, and repeated.
#include <cstdio>
#include <flexdnn/flexdnn.hpp>
#include <flexdnn/io.hpp>

using namespace flexdnn;

/// x + pwconv2(se(hard_swish(pwconv1(norm(dwconv7x7(x)))))).
template <int Channels>
struct wide_block : residual<sequence<named<"dwconv", depthwise_conv2d<kernel<7>>>, named<"norm", batch_norm>,
                                      named<"pwconv1", conv2d<4 * Channels>>, hard_swish,
                                      named<"se", gated<sequence<global_average_pool, conv2d<Channels>, relu,
                                                                 conv2d<4 * Channels>, hard_sigmoid>>>,
                                      named<"pwconv2", conv2d<Channels>>>> {};

struct net : network<input<3, 16, 16>, named<"stem", conv2d<8, kernel<4>, stride<4>, padding<0>>>,
                     named<"stage", repeat<3, wide_block<8>>>, global_average_pool, named<"head", dense<5>>> {
};

int main() {
  std::printf("%s", describe<net>().c_str());
  // The body is compiled once, whatever the count, and an exit may stand after each round; parameters are
  // stage.0.dwconv.weight and so on.
  static_assert(lowered<net>::cuts.size() == 5);
  bool found = false;
  for (const named_parameter& p : parameters<net>()) found = found || p.name == "stage.2.se.3.bias";
  return found ? 0 : 1;
}
