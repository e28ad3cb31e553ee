// SPDX-License-Identifier: MIT
// Laws of cross_entropy: PyTorch's value, its derivative, and no overflow.
#include <doctest/doctest.h>

#include <flexdnn/train/cross_entropy.hpp>

#include "finite_difference.hpp"

using namespace flexdnn;
using test::numbers;

TEST_CASE("loss and gradient are PyTorch's") {
  // x = torch.tensor([[1., -2., .5], [3., .1, -.7]], dtype=torch.float64, requires_grad=True)
  // torch.nn.functional.cross_entropy(x, torch.tensor([2, 0]), label_smoothing=0.1).backward(); x.grad
  const numbers logits{1.0, -2.0, 0.5, 3.0, 0.1, -0.7};
  const int labels[] = {2, 0};
  numbers gradient(6);
  CHECK(cross_entropy(2, 3, logits.data(), labels, 0.1, gradient.data()) ==
        doctest::Approx(0.68399504434517777).epsilon(1e-14));
  const numbers wanted{0.28520778140764624,    -0.001637222881879655, -0.28357055852576657,
                       -0.0035951162235975942, 0.008813021155224008,  -0.0052179049316263462};
  CHECK(test::relative_error(gradient, wanted) < 1e-14);
}

TEST_CASE("the gradient is the loss's derivative, with and without smoothing; scale multiplies it") {
  random_generator random{1};
  for (const double smoothing : {0.0, 0.1, 1.0}) {
    const int n = 5;
    const int classes = 7;
    numbers logits = test::random_numbers(random, n * classes);
    std::vector<int> labels;
    for (int i = 0; i < n; ++i) labels.push_back(static_cast<int>(random.below(classes)));
    numbers gradient(logits.size());
    const double loss =
        cross_entropy(n, classes, logits.data(), labels.data(), smoothing, gradient.data(), 0.25);
    for (double& g : gradient) g *= 4.0;
    CHECK(loss == cross_entropy(n, classes, logits.data(), labels.data(), smoothing, nullptr));
    const numbers wanted = test::finite_difference(
        logits, [&] { return cross_entropy(n, classes, logits.data(), labels.data(), smoothing, nullptr); });
    CHECK(test::relative_error(gradient, wanted) < 1e-8);
  }
}

TEST_CASE("large logits neither overflow nor vanish") {
  const float logits[] = {3e38f, -3e38f, 0.0f};
  const int labels[] = {0};
  float gradient[3] = {7.0f, 7.0f, 7.0f};
  CHECK(cross_entropy(1, 3, logits, labels, 0.0, gradient) == 0.0);
  for (const float g : gradient) CHECK(g == 0.0f);
  const int wrong[] = {2};
  CHECK(cross_entropy(1, 3, logits, wrong, 0.0, nullptr) == doctest::Approx(3e38));
}
