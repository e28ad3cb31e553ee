// SPDX-License-Identifier: MIT
// lenet: published cost and size, and the laws of a network, alone and with BranchyNet's branch.
#include <flexdnn/models/lenet.hpp>

#include <flexdnn/flexdnn.hpp>
#include <flexdnn/io.hpp>
#include <flexdnn/models/fashion_mnist.hpp>

#include "../../examples/common/branchynets.hpp"
#include "network_laws.hpp"
#include "slow_build.hpp"

using namespace flexdnn;

namespace {

/// b_lenet written as its publication draws it, pooling before ReLU.
struct b_lenet_written
    : network<input<1, 28, 28>, conv2d<5, kernel<5>, padding<3>>,
              exit_branch<"branch_1", max_pool2d<kernel<2>, ceil_mode>, relu, conv2d<10, kernel<3>>,
                          max_pool2d<kernel<2>, ceil_mode>, relu, flatten, dense<10>>,
              max_pool2d<kernel<2>, ceil_mode>, relu, conv2d<10, kernel<5>, padding<3>>,
              max_pool2d<kernel<2>, ceil_mode>, relu, conv2d<20, kernel<5>, padding<3>>,
              max_pool2d<kernel<2>, ceil_mode>, relu, flatten, dense<84>, dense<10>> {};

template <class Network>
std::vector<std::uint64_t> extents_of(const std::string& name) {
  for (const named_parameter& p : parameters<Network>()) {
    if (p.name == name) return p.extents;
  }
  return {};
}

using lenet_extents = std::vector<std::uint64_t>;

}  // namespace

TEST_CASE("lenet: multiply-accumulates and parameters of the published code, layer by layer") {
  CHECK(lowered<lenet<>>::trunk_macs ==
        5 * 25 * 30 * 30 + 10 * 5 * 25 * 17 * 17 + 20 * 10 * 25 * 11 * 11 + 720 * 84 + 84 * 10);
  CHECK(lowered<lenet<>>::trunk_macs == 1'140'070);
  CHECK(lowered<lenet<>>::parameters ==
        (25 + 1) * 5 + (125 + 1) * 10 + (250 + 1) * 20 + (720 + 1) * 84 + (84 + 1) * 10);
  CHECK(lowered<lenet<>>::parameters == 67'824);
  CHECK(extents_of<lenet<>>("fc1.weight") ==
        lenet_extents({84, 720}));  // 20 maps of 6 x 6: poolings round up
  CHECK(extents_of<lenet<47>>("fc2.weight") == lenet_extents({47, 84}));
  CHECK(lenet<>::frame == fashion_mnist::frame);
  CHECK(lowered<lenet<>>::classes == static_cast<int>(fashion_mnist::classes.size()));
}

TEST_CASE("b_lenet: one branch after the first convolution, of one convolution and a dense layer of 640") {
  using low = lowered<examples::b_lenet>;
  REQUIRE(low::exit_count == 2);
  CHECK(low::exits[0].trunk_macs == 5 * 25 * 30 * 30);
  CHECK(low::exits[0].branch_macs == 10 * 5 * 9 * 15 * 15 + 640 * 10);
  CHECK(low::trunk_macs == lowered<lenet<>>::trunk_macs);
  CHECK(extents_of<examples::b_lenet>("exits.branch_1.5.weight") == lenet_extents({10, 640}));
}

TEST_CASE("b_lenet: every exit's scores are those of pooling before ReLU") {
  network_laws<examples::b_lenet, b_lenet_written>();
}

TEST_CASE("b_resnet20: branches of three and two convolutions after the first block and the first stage") {
  using signs = examples::b_resnet20<43, gtsrb>;
  using low = lowered<signs>;
  REQUIRE(low::exit_count == 3);
  constexpr std::uint64_t stem = 3 * 16 * 9 * 1024, block = 2 * 16 * 16 * 9 * 1024;
  CHECK(low::exits[0].trunk_macs == stem + block);
  CHECK(low::exits[1].trunk_macs == stem + 3 * block);
  CHECK(low::exits[0].branch_macs == 9 * (16 * 32 * 256 + 2 * 32 * 32 * 64) + 512 * 43);
  CHECK(low::exits[1].branch_macs == 9 * (16 * 32 * 256 + 32 * 32 * 64) + 512 * 43);
  CHECK(low::trunk_macs == lowered<resnet_cifar<20, 43>>::trunk_macs);
}

TEST_CASE(
    "BranchyNet's losses weigh from 1 down to 0.3; its entropies, negated, reach from 0.0001 past log C") {
  const std::vector<double> weights = examples::falling_weights(3);
  REQUIRE(weights.size() == 3);
  for (std::size_t e = 0; e < 3; ++e) CHECK(weights[e] == doctest::Approx(std::array{1.0, 0.65, 0.3}[e]));
  for (const int classes : {2, 10, 43}) {
    const std::vector<float> grid = examples::negated_entropies(classes);
    CHECK(grid.front() == -1e-4F);
    CHECK(std::ranges::is_sorted(grid, std::greater{}));
    CHECK(static_cast<double>(grid.back()) < -std::log(static_cast<double>(classes)));
    CHECK(static_cast<double>(grid[grid.size() - 2]) >= -std::log(static_cast<double>(classes)));
  }
}
