// SPDX-License-Identifier: MIT
// chain: which steps are fused by rows, and which must not be.
#include <flexdnn/plan/chain.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <flexdnn/engine/fork_join.hpp>
#include <flexdnn/flexdnn.hpp>
#include <flexdnn/models.hpp>
#include <vector>

#include "../network_laws.hpp"

using namespace flexdnn;

namespace {

using depthwise = depthwise_conv2d<kernel<3>>;
using head = sequence<global_average_pool, dense<3>>;

template <class Network>
std::vector<int> lengths() {
  const auto& length = program<Network, cpu<scalar>>::chains.length;
  return {length.begin(), length.end()};
}

template <class... Layers>
std::vector<int> lengths_of() {
  return lengths<network<input<4, 9, 7>, Layers..., head>>();
}

template <int Channels>
using block = sequence<conv2d<32>, relu, depthwise, batch_norm, relu, conv2d<Channels>>;
struct chains : network<input<3, 13, 40>, conv2d<6, kernel<3>>, repeat<3, residual<block<6>>>,
                        exit_branch<"early", head>, block<9>, conv2d<32>, exit_branch<"late", head>,
                        depthwise, relu, conv2d<5>, head> {};

}  // namespace

template <tile T>
inline constexpr bool flexdnn::row_fusion<shape{6, 9, 7}, T> = false;

TEST_CASE("a depthwise and a pointwise layer, and one before them") {
  CHECK(lengths_of<depthwise, relu, conv2d<3>>() == std::vector{2, 0, 1, 1});
  CHECK(lengths_of<conv2d<8>, batch_norm, relu, depthwise, conv2d<4>, relu>() == std::vector{3, 0, 0, 1, 1});
  CHECK(lengths_of<depthwise, conv2d<3>, depthwise, conv2d<2>>() == std::vector{2, 0, 2, 0, 1, 1});
  CHECK(lengths_of<conv2d<8>, conv2d<8>, depthwise, conv2d<7>>() == std::vector{1, 3, 0, 0, 1, 1});
  CHECK(lengths_of<residual<sequence<conv2d<8>, depthwise, conv2d<4>>>>() == std::vector{3, 0, 0, 1, 1});
  CHECK(lengths_of<repeat<2, sequence<conv2d<8>, depthwise, conv2d<4>>>>() ==
        std::vector{1, 3, 0, 0, 3, 0, 0, 1, 1});
}

TEST_CASE("no other layers") {
  CHECK(lengths_of<depthwise, conv2d<2, kernel<3>>>() == std::vector{1, 1, 1, 1});
  CHECK(lengths_of<depthwise, conv2d<2, stride<2>>>() == std::vector{1, 1, 1, 1});
  CHECK(lengths_of<depthwise, conv2d<2, groups<2>>>() == std::vector{1, 1, 1, 1});
  CHECK(lengths_of<conv2d<8>, depthwise>() == std::vector{1, 1, 1, 1});
  CHECK(lengths_of<depthwise, max_pool2d<kernel<2>>, conv2d<2>>() == std::vector{1, 1, 1, 1, 1});
}

TEST_CASE("not where a map between is read by others") {
  CHECK(lengths_of<depthwise, residual<conv2d<4>>>() == std::vector{1, 1, 1, 1});
  CHECK(lengths_of<residual<depthwise>, conv2d<2>>() == std::vector{1, 1, 1, 1});
  CHECK(lengths_of<conv2d<8>, residual<sequence<conv2d<9>, depthwise, conv2d<8>>>>() ==
        std::vector{1, 3, 0, 0, 1, 1});
  CHECK(lengths_of<depthwise, exit_branch<"early", head>, conv2d<2>>() == std::vector{1, 1, 1, 1, 1, 1});
  CHECK(lengths_of<repeat<2, depthwise>, conv2d<2>>() == std::vector{1, 1, 1, 1, 1, 1});
  CHECK(lengths_of<parallel<depthwise, conv2d<4>>, conv2d<2>>() == std::vector{1, 1, 1, 1, 1});
}

TEST_CASE("overruled for a map") {
  CHECK(lengths_of<conv2d<6>, depthwise, conv2d<4>>() == std::vector{1, 1, 1, 1, 1});
}

TEST_CASE("not where that would save nothing") {
  CHECK(lengths_of<relu, depthwise, conv2d<4>>() == std::vector{1, 1, 1, 1, 1});
  CHECK(lengths_of<relu, depthwise_conv2d<kernel<3>, stride<2>>, conv2d<16>>() == std::vector{1, 1, 1, 1, 1});
  using narrow = sequence<conv2d<8>, depthwise, conv2d<4>>;
  CHECK(lengths_of<relu, narrow>() == std::vector{1, 3, 0, 0, 1, 1});
  CHECK(lengths_of<conv2d<8, kernel<3>>, conv2d<8, kernel<3>>, narrow>() == std::vector{1, 1, 1, 1, 1, 1, 1});
}

TEST_CASE("networks with chains: loops, exits, targets") {
  constexpr const auto& length = program<chains, native_target>::chains.length;
  static_assert(std::ranges::count(length, 3) == 2 && std::ranges::count(length, 2) == 1);
  network_laws<chains>();
}

TEST_CASE("MobileNetV2's largest maps need not exist") {
  using net = mobilenet_v2<>;
  constexpr std::size_t largest = shape{96, 112, 112}.size();
  // Its neighbours of 32 and 16 x 112 x 112 are there, and what is held between.
  CHECK(program<net, native_target>::workspace_floats < shape{48, 112, 112}.size() + 48 * 1024);
  CHECK(program<net, cpu<scalar>>::workspace_floats < shape{48, 112, 112}.size() + 4 * 1024);
  // Threads that share a step need its whole input.
  CHECK(program<net, cpu<native, fast, fork_join<2>>>::workspace_floats > largest);
}
