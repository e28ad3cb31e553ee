// SPDX-License-Identifier: MIT
// threads: engines with several threads, or with an executor of the user's, give the bits of one thread's.
#include <doctest/doctest.h>

#include <flexdnn/engine/fork_join.hpp>
#include <flexdnn/flexdnn.hpp>
#include <memory>

#include "network_laws.hpp"
#include "slow_build.hpp"

namespace threads_test {

using namespace flexdnn;

/// Every kind of step, each large enough to be shared: convolutions by rows, by panels, by Winograd; strides,
/// groups, depthwise by rows and not; pools; steps pixel by pixel; loops; exits.
using head = sequence<global_average_pool, dense<3>>;
struct all_kinds
    : network<input<3, 27, 26>, conv2d<16, kernel<5>>, batch_norm, relu, exit_branch<"first", head>,
              residual<sequence<conv2d<16, kernel<3>>, relu, conv2d<16, kernel<3>>>, none, relu>,
              depthwise_conv2d<kernel<3>>, relu, depthwise_conv2d<kernel<3>, dilation<2>>,
              max_pool2d<kernel<3>, stride<1>, padding<1>>, batch_norm, hard_swish,
              average_pool2d<kernel<3>, stride<1>, padding<1>, count_padding<false>>,
              parallel<conv2d<24, kernel<1>>, max_pool2d<kernel<3>, stride<1>, padding<1>>, sequence<>>,
              gated<conv2d<56>>, gated<sequence<global_average_pool, dense<56>>>, exit_branch<"second", head>,
              conv2d<56, kernel<3>, groups<7>>, relu, basic_block<32, stride<2>, conv2d<32, stride<2>>>,
              repeat<2, basic_block<32>>, exit_branch<"third", head>, conv2d<200, kernel<3>, stride<3>>, relu,
              conv2d<64, kernel<3>>, flatten, dense<128>, relu, dense<3>> {};

using ten = sequence<global_average_pool, dense<10>>;
struct resnet20 : with_exits<resnet_cifar<20>, at<4, exit_branch<"a", conv2d<32, kernel<3>, stride<2>>, ten>>,
                             at<8, exit_branch<"b", ten>>> {};

/// An executor as a user may write one: here, all shares on the caller's thread, the last first.
template <int Threads>
struct backwards {
  static constexpr int threads = Threads;
  void fork(const auto& share) noexcept {
    for (int i = Threads; i-- > 0;) share(i);
  }
};

template <class Executor>
using on = cpu<native, fast, Executor>;

/// Runs to each exit, straight and by resuming, and to the end.
template <class Network, class Executor>
std::vector<std::vector<float>> scores(const packed<Network>& weights, const std::vector<float>& frame) {
  const typename engine<Network>::frame f(frame);
  const auto straight = std::make_unique<engine<Network, leave_from, on<Executor>>>(weights, 0);
  const auto resumed = std::make_unique<engine<Network, leave_from, on<Executor>>>(weights, 0);
  std::vector<std::vector<float>> all;
  for (int exit = 0; exit < lowered<Network>::exit_count; ++exit) {
    exit == 0 ? resumed->run(f) : resumed->resume();
    all.push_back(logits_of(*resumed));
  }
  straight->run(f);
  straight->finish();
  all.push_back(logits_of(*straight));
  return all;
}

template <class Network, class... Executors>
void same_scores(const std::vector<float>& canonical) {
  std::mt19937 random(5);
  const std::vector<float> frame = reference::uniform(Network::frame.size(), random);
  const auto weights = packed_from<Network>(canonical);
  const auto one = scores<Network, sequential>(*weights, frame);
  CHECK(std::isfinite(one.back()[0]));
  const auto check = [&](bool same) { CHECK(same); };
  (check(scores<Network, Executors>(*weights, frame) == one), ...);
}

template <class Network, int Threads>
int shared_entries() {
  int count = 0;
  for (const share_call call : program<Network, on<backwards<Threads>>>::shares) count += call != nullptr;
  return count;
}

}  // namespace threads_test

TEST_CASE("every kind of step, on any number of threads") {
  using namespace threads_test;
  CHECK(shared_entries<all_kinds, 2>() >= 20);
  reference::naive naive(5);
  std::mt19937 random(6);
  naive.run<all_kinds>(reference::uniform(all_kinds::frame.size(), random));
  same_scores<all_kinds, backwards<3>, fork_join<2>>(naive.weights());
  if constexpr (!slow_build) {
    same_scores<all_kinds, backwards<2>, fork_join<3>, fork_join<5>>(naive.weights());
  }
}

TEST_CASE("ResNet-20 with exits, left and resumed") {
  using namespace threads_test;
  std::vector<float> canonical(lowered<resnet20>::parameters);
  std::mt19937 random(7);
  for (float& w : canonical) w = std::uniform_real_distribution<float>(0.02F, 0.1F)(random);
  same_scores<resnet20, fork_join<2>>(canonical);
  if constexpr (!slow_build) same_scores<resnet20, fork_join<3>>(canonical);
}

TEST_CASE("small networks are not divided, and one thread's plan has no shares") {
  using namespace threads_test;
  // The convolution alone would pay, but not for waking the threads.
  static_assert(divide(conv2d<64>::geometry({64, 12, 12}), native_target::panel, 4) != axis::none);
  struct small : network<input<64, 12, 12>, conv2d<64>, relu, head> {};
  CHECK(shared_entries<small, 4>() == 0);
  CHECK(program<small, on<backwards<4>>>::workspace_floats ==
        program<small, native_target>::workspace_floats);
  CHECK(shared_entries<all_kinds, 1>() == 0);
}

TEST_CASE("weights packed for several threads are those of one") {
  using namespace threads_test;
  struct small : network<input<3, 8, 8>, conv2d<8, kernel<3>>, relu, head> {};
  const std::vector<float> canonical(lowered<small>::parameters, 0.5F);
  const auto several = packed_from<small, on<fork_join<2>>>(canonical);
  const auto one = packed_from<small>(canonical);
  CHECK(several->values == one->values);
  const engine<small, always_last, on<fork_join<2>>> here(*several), there(*one);
}
