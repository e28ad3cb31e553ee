// SPDX-License-Identifier: MIT
// Laws of batch_norm_gradient: normalised output, PyTorch's running statistics, derivative through them.
#include <doctest/doctest.h>

#include <flexdnn/train/batch_norm_gradient.hpp>

#include "finite_difference.hpp"

namespace {

using namespace flexdnn;
using test::numbers;

struct norm_problem {
  std::size_t pixels, channels;
  numbers x, gamma, beta;
  numbers mean = numbers(channels), inverse = numbers(channels);
  numbers running_mean = numbers(channels, 0.0), running_variance = numbers(channels, 1.0);

  norm_problem(random_generator& random, std::size_t rows, std::size_t columns)
      : pixels{rows},
        channels{columns},
        x{test::random_numbers(random, rows * columns)},
        gamma{test::random_numbers(random, columns)},
        beta{test::random_numbers(random, columns)} {}

  numbers forward() {
    numbers y(x.size());
    // In two parts, the first pixel and the rest, added to nothing.
    channel_moments moments(channels, 0.0);
    moments.merge(channel_moments(1, channels, x.data()));
    if (pixels > 1) moments.merge(channel_moments(pixels - 1, channels, x.data() + channels));
    batch_norm_statistics({}, moments, running_mean.data(), running_variance.data(), mean.data(),
                          inverse.data());
    batch_norm_forward(pixels, channels, x.data(), gamma.data(), beta.data(), mean.data(), inverse.data(),
                       y.data());
    return y;
  }
};

}  // namespace

TEST_CASE("outputs and running statistics are PyTorch's") {
  // m = torch.nn.BatchNorm2d(2).double()
  // x = torch.tensor([[1., 2.], [3., -1.], [.5, 4.]], dtype=torch.float64).reshape(3, 2, 1, 1)
  // m(x).flatten(), m.running_mean, m.running_var
  random_generator random{1};
  norm_problem p(random, 3, 2);
  p.x = {1.0, 2.0, 3.0, -1.0, 0.5, 4.0};
  p.gamma = {1.0, 1.0};
  p.beta = {0.0, 0.0};
  const numbers y{-0.46290806599881562, 0.16222122902678926,  1.3887241979964464,
                  -1.2977698322143145,  -0.92581613199763113, 1.135548603187525};
  CHECK(test::relative_error(p.forward(), y) < 1e-14);
  CHECK(test::relative_error(p.running_mean, {0.15000000000000002, 0.16666666666666669}) < 1e-14);
  CHECK(test::relative_error(p.running_variance, {1.075, 1.5333333333333334}) < 1e-14);
}

TEST_CASE("a single pixel leaves the running variance alone") {
  random_generator random{2};
  norm_problem p(random, 1, 3);
  CHECK(p.forward() == p.beta);
  CHECK(p.running_variance == numbers(3, 1.0));
}

TEST_CASE(
    "batch_norm_backward is the derivative of batch_norm_forward, and sums are those of gamma and beta") {
  random_generator random{3};
  for (const std::size_t pixels : {3U, 5U, 24U}) {
    norm_problem p(random, pixels, 3);
    const numbers direction = test::random_numbers(random, p.x.size());
    const auto loss = [&] { return test::dot(p.forward(), direction); };
    const numbers x_wanted = test::finite_difference(p.x, loss);
    const numbers gamma_wanted = test::finite_difference(p.gamma, loss, 1e-3);
    const numbers beta_wanted = test::finite_difference(p.beta, loss, 1e-3);
    loss();
    numbers dx = direction, dbeta(3), dgamma(3);
    batch_norm_sums(pixels, 3, p.x.data(), p.mean.data(), p.inverse.data(), dx.data(), dbeta.data(),
                    dgamma.data());
    numbers mean_dy = dbeta, mean_product = dgamma;
    for (double& m : mean_dy) m /= static_cast<double>(pixels);
    for (double& m : mean_product) m /= static_cast<double>(pixels);
    batch_norm_backward(pixels, 3, p.x.data(), p.gamma.data(), p.mean.data(), p.inverse.data(),
                        mean_dy.data(), mean_product.data(), dx.data(), dx.data());
    CHECK(test::relative_error(dx, x_wanted) < 1e-7);
    CHECK(test::relative_error(dgamma, gamma_wanted) < 1e-9);
    CHECK(test::relative_error(dbeta, beta_wanted) < 1e-9);
  }
}
