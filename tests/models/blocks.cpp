// SPDX-License-Identifier: MIT
// blocks: basic_block, bottleneck, inverted_residual, squeeze_excitation and fire in small networks.
#include <flexdnn/io/describe.hpp>
#include <flexdnn/models/basic_block.hpp>
#include <flexdnn/models/bottleneck.hpp>
#include <flexdnn/models/fire.hpp>
#include <flexdnn/models/inverted_residual.hpp>
#include <flexdnn/models/squeeze_excitation.hpp>

#include "network_laws.hpp"

using namespace flexdnn;

namespace {

using head = sequence<global_average_pool, dense<3>>;

template <int Out, int Stride>
using projected = named<"downsample", conv2d<Out, stride<Stride>, bias<false>>, batch_norm>;

struct basic_blocks : network<input<5, 7, 6>, basic_block<5>, basic_block<9, stride<2>, projected<9, 2>>,
                              repeat<3, basic_block<9>>, head> {};
struct bottlenecks
    : network<input<5, 7, 6>, bottleneck<3, stride<1>, projected<12, 1>>, repeat<2, bottleneck<3>>,
              bottleneck<4, stride<2>, projected<16, 2>>, bottleneck<4>, head> {};
struct inverted_residuals
    : network<input<6, 7, 6>, inverted_residual<6, 6, 1>, inverted_residual<6, 5, 1>,
              repeat<2, inverted_residual<5, 5, 6>>, inverted_residual<5, 7, 6, stride<2>>,
              inverted_residual<7, 9, 6>, inverted_residual<9, 9, 1, stride<2>>, head> {};
struct gates : network<input<5, 7, 6>, squeeze_excitation<5, 2>, conv2d<9, kernel<3>>, hard_swish,
                       repeat<3, squeeze_excitation<9, 3, relu, hard_sigmoid>>, head> {};
struct fires : network<input<5, 7, 6>, fire<3, 4>, fire<2, 9>, max_pool2d<kernel<3>, stride<2>, ceil_mode>,
                       repeat<2, fire<3, 9>>, head> {};

/// The paths of the first layers that have parameters, in order; describe prints the network.
template <class Network>
void has_names(std::initializer_list<const char*> wanted) {
  const std::vector<named_parameter> all = parameters<Network>();
  std::vector<std::string> paths;
  for (const named_parameter& p : all) {
    const std::string path = p.name.substr(0, p.name.rfind('.'));
    if (paths.empty() || paths.back() != path) paths.push_back(path);
  }
  CHECK(std::vector<std::string>(wanted.begin(), wanted.end()) ==
        std::vector<std::string>(paths.begin(), paths.begin() + static_cast<std::ptrdiff_t>(wanted.size())));
  CHECK(describe<Network>().find(*wanted.begin()) != std::string::npos);
}

}  // namespace

TEST_CASE("every block computes what it says") {
  network_laws<basic_blocks>();
  network_laws<bottlenecks>();
  network_laws<inverted_residuals>();
  network_laws<gates>();
  network_laws<fires>();
}

TEST_CASE("parts are named as torchvision's") {
  has_names<basic_blocks>({"0.conv1", "0.bn1", "0.conv2", "0.bn2", "1.downsample.0", "1.downsample.1"});
  has_names<bottlenecks>({"0.downsample.0", "0.downsample.1", "0.conv1", "0.bn1", "0.conv2", "0.bn2",
                          "0.conv3", "0.bn3", "1.conv1"});
  has_names<inverted_residuals>({"0.conv.0.0", "0.conv.0.1", "0.conv.1", "0.conv.2", "1.conv.0.0",
                                 "1.conv.0.1", "1.conv.1", "1.conv.2", "2.conv.0.0", "2.conv.0.1",
                                 "2.conv.1.0", "2.conv.1.1", "2.conv.2", "2.conv.3"});
  has_names<gates>({"0.fc1", "0.fc2", "1", "3.fc1", "3.fc2", "4.fc1"});
  has_names<fires>({"0.squeeze", "0.expand1x1", "0.expand3x3", "1.squeeze"});
}

TEST_CASE("shapes, parameters and multiply-accumulates") {
  using low = lowered<inverted_residuals>;
  CHECK(low::cuts[0].out == shape{6, 7, 6});
  CHECK(low::cuts.back().out == shape{9, 1, 1});
  // Depthwise 3x3 and 1x1 on 6 channels and 42 pixels.
  CHECK(low::cuts[0].macs == 6 * 9 * 42 + 6 * 6 * 42);
  CHECK(lowered<gates>::cuts[0].macs == 2 * 5 * 2);
  CHECK(lowered<bottlenecks>::cuts[1].macs - lowered<bottlenecks>::cuts[0].macs ==
        42 * (12 * 3 + 3 * 3 * 9 + 3 * 12));
  // Without a bias before a batch norm; three layers with bias in a fire.
  CHECK(lowered<fires>::parameters == (5 * 3 + 3 + 3 * 4 + 4 + 3 * 4 * 9 + 4) +
                                          (8 * 2 + 2 + 2 * 9 + 9 + 2 * 9 * 9 + 9) +
                                          2 * (18 * 3 + 3 + 3 * 9 + 9 + 3 * 9 * 9 + 9) + 18 * 3 + 3);
}
