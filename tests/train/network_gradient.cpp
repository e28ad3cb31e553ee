// SPDX-License-Identifier: MIT
// Laws of whole networks in training: the forward pass is the engine's, the gradient is that of finite
// differences in double, and no bit depends on threads.
#include <doctest/doctest.h>

#include <flexdnn/flexdnn.hpp>
#include <flexdnn/models.hpp>
#include <flexdnn/train/cross_entropy.hpp>
#include <flexdnn/train/network_gradient.hpp>

#include "finite_difference.hpp"
#include "threads_as_processes.hpp"

namespace {

using namespace flexdnn;
using test::numbers;

using tenth = std::ratio<1, 10>;

struct every_window
    : network<input<3, 8, 7>, conv2d<4, kernel<3>, padding<1>>, relu,
              conv2d<6, kernel<3>, stride<2>, groups<2>>, leaky_relu<tenth>,
              conv2d<6, kernel<2>, dilation<2>, padding<2>, bias<false>>, batch_norm, relu6,
              depthwise_conv2d<kernel<3>>, swish, max_pool2d<kernel<2>, stride<1>, padding<1>>,
              separable_conv2d<5, kernel<3>>, hard_swish, average_pool2d<kernel<2>>, flatten, dense<6>,
              sigmoid, dropout<std::ratio<1, 4>>, dense<3>> {};

struct every_joint
    : network<input<4, 5, 5>, dropout<tenth>,
              residual<sequence<dropout<std::ratio<1, 4>>, conv2d<4, kernel<3>>, batch_norm>, none, relu>,
              exit_branch<"early", gated<sequence<global_average_pool, dense<4>, hard_sigmoid>>,
                          parallel<conv2d<2>, sequence<>, sequence<relu, conv2d<3, kernel<3>>, batch_norm>>,
                          global_average_pool, dense<3>>,
              channel_shuffle<2>,
              residual<sequence<conv2d<6, kernel<3>, stride<2>>, dropout<tenth>>, zero_pad_shortcut<6, 2>>,
              gated<sequence<conv2d<6>, softmax2d>>,
              repeat<3, residual<sequence<conv2d<6, bias<false>>, batch_norm>, none, swish>>,
              exit_branch<"late", repeat<2, basic_block<6>>, global_average_pool, dense<3>>, flatten,
              dense<3>> {};

struct inserted
    : with_exits<every_joint, flexdnn::at<1, exit_branch<"first", global_average_pool, dense<3>>>> {};

/// A network, its parameters and a mini-batch, whose loss is the sum of every exit's cross-entropy.
struct training_problem {
  static constexpr int batch = 3;
  training_graph made;
  thread_team team;
  network_gradient<double> net;
  numbers parameters, frames;
  std::vector<int> labels{2, 0, 1};
  int count = batch;  ///< of this process
  std::vector<numbers> dscores;

  explicit training_problem(training_graph graph, unsigned threads = 1, communicator& processes = alone())
      : made(graph), team(threads), net(std::move(graph), team, processes), dscores(made.exits.size()) {
    const batch_share share = batch_share::of(batch, processes.rank(), processes.size());
    random_generator random(6);
    frames = test::random_numbers(random, batch * made.maps.front().size());
    frames.erase(frames.begin(),
                 frames.begin() + share.first * static_cast<std::ptrdiff_t>(made.maps.front().size()));
    labels.erase(labels.begin(), labels.begin() + share.first);
    count = share.count;
    parameters = test::random_numbers(random, made.parameters);
    for (double& w : parameters) w *= 0.4;
    for (const operation& o : made.operations) {
      if (o.what != operation::kind::batch_norm) continue;
      const std::size_t channels = o.parameters / 4;
      for (std::size_t c = 0; c < channels; ++c) {
        parameters[o.weights + c] += 1.0;
        parameters[o.weights + 3 * channels + c] = 1.0 + 0.1 * static_cast<double>(c);
      }
    }
  }

  double loss() {
    numbers scratch = parameters;  // running statistics stay
    net.forward(batch, frames.data(), scratch, 9);
    double sum = 0.0;
    for (std::size_t e = 0; e < dscores.size(); ++e) {
      if (!net.trained_exit(e)) continue;
      const auto scores = net.scores(e);
      dscores[e].resize(scores.size());
      sum += cross_entropy(count, 3, scores.data(), labels.data(), 0.1, dscores[e].data(), 1.0, batch);
    }
    return sum;
  }

  numbers gradient() {
    numbers g(parameters.size(), 0.0);
    loss();
    net.backward(parameters, dscores, g);
    return g;
  }
};

template <class Network>
void check_gradient(trained_part what) {
  training_problem p(make_training_graph<Network>());
  p.net.train(what);
  const numbers gradient = p.gradient();
  const numbers wanted = test::finite_difference(p.parameters, [&] { return p.loss(); });
  CHECK(test::dot(wanted, wanted) > 1e-3);
  CHECK(test::relative_error(gradient, wanted) < 1e-6);
}

/// dL/dparameters of the operations that `what` leaves alone.
double frozen_part(const training_graph& graph, const numbers& gradient, trained_part what) {
  double sum = 0.0;
  for (const operation& o : graph.operations) {
    if ((o.exit >= 0) == (what == trained_part::exits)) continue;
    for (std::size_t i = 0; i < o.parameters; ++i) sum += std::abs(gradient[o.weights + i]);
  }
  return sum;
}

}  // namespace

TEST_CASE("backward is the derivative of forward: every window, activation and option") {
  check_gradient<every_window>(trained_part::whole);
}

TEST_CASE("backward is the derivative of forward: joints, loops, exits, dropout in odd places") {
  check_gradient<inserted>(trained_part::whole);
}

TEST_CASE("a frozen part has no gradient, and the other part's is right") {
  for (const trained_part what : {trained_part::exits, trained_part::trunk}) {
    training_problem p(make_training_graph<inserted>());
    p.net.train(what);
    const numbers gradient = p.gradient();
    CHECK(frozen_part(p.made, gradient, what) == 0.0);
    const bool exits = what == trained_part::exits;  // the frozen trunk does change their loss
    const std::size_t trunk = lowered<inserted>::trunk_parameters;
    const numbers wanted = test::finite_difference(
        p.parameters, [&] { return p.loss(); }, exits ? trunk : 0, exits ? p.parameters.size() : trunk);
    CHECK(test::dot(wanted, wanted) > 1e-3);
    CHECK(test::relative_error(gradient, wanted) < 1e-6);
  }
}

TEST_CASE("gradients add up, and running statistics have none") {
  training_problem p(make_training_graph<every_joint>());
  const numbers once = p.gradient();
  numbers twice = once;
  p.net.backward(p.parameters, p.dscores, twice);
  for (double& g : twice) g /= 2.0;
  CHECK(test::relative_error(twice, once) < 1e-14);
  for (const operation& o : p.made.operations) {
    if (o.what != operation::kind::batch_norm) continue;
    for (std::size_t i = o.parameters / 2; i < o.parameters; ++i) CHECK(once[o.weights + i] == 0.0);
  }
}

TEST_CASE("a frozen trunk computes what the engine does") {
  using low = lowered<inserted>;
  training_problem p(make_training_graph<inserted>());
  p.net.train(trained_part::exits);
  p.loss();
  std::vector<float> canonical(p.parameters.begin(), p.parameters.end());
  static packed<inserted> values;
  pack(std::span<const float, low::parameters>(canonical), values);
  static engine<inserted, always_first> net{values};
  for (std::size_t image = 0; image < 3; ++image) {
    std::vector<float> frame(low::values[0].size());
    std::copy_n(p.frames.begin() + static_cast<std::ptrdiff_t>(image * frame.size()), frame.size(),
                frame.begin());
    (void)net.run(decltype(net)::frame(frame));
    for (std::size_t e = 0; e < 4; ++e, (void)net.resume()) {
      if (e == 1 || e == 2)
        continue;  // their branches are trained: batch norms take the mini-batch's statistics
      const auto logits = net.logits();
      const numbers theirs(logits.begin(), logits.end());
      const auto ours = p.net.scores(e).subspan(image * 3, 3);
      CHECK(test::relative_error(theirs, numbers(ours.begin(), ours.end())) < 1e-5);
    }
  }
}

TEST_CASE("bits are the same on one, two and three threads") {
  const auto gradient = [](unsigned threads) {
    training_problem p(make_training_graph<inserted>(), threads);
    return p.gradient();
  };
  const numbers one = gradient(1);
  CHECK(one == gradient(2));
  CHECK(one == gradient(3));
}

TEST_CASE("bits are the same on two and three processes, the statistics of batch norm too, on each of them") {
  training_problem one(make_training_graph<inserted>());
  const numbers wanted = one.gradient();
  numbers running = one.parameters;
  one.net.forward(training_problem::batch, one.frames.data(), running, 9);
  for (const int size : {2, 3}) {
    std::vector<numbers> gradients(static_cast<std::size_t>(size)), statistics(gradients.size());
    CHECK(test::run_processes(size, [&](communicator& self) {
      training_problem p(make_training_graph<inserted>(), 1, self);
      gradients[static_cast<std::size_t>(self.rank())] = p.gradient();
      p.net.forward(training_problem::batch, p.frames.data(), p.parameters, 9);
      statistics[static_cast<std::size_t>(self.rank())] = p.parameters;
    }));
    for (const numbers& g : gradients) CHECK(g == wanted);
    for (const numbers& s : statistics) CHECK(s == running);
  }
}
