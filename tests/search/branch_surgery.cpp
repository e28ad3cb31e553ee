// SPDX-License-Identifier: MIT
// branch_surgery: what carried nothing can be cut without a trace; what is kept is kept.
#include <flexdnn/search/branch_surgery.hpp>

#include <doctest/doctest.h>

#include <flexdnn/train/network_gradient.hpp>

using namespace flexdnn;

namespace {

using enum branch_stage::kind;

const branch_design two_stages{{3, 8, 6}, 4, {{separable, 10}, {pooled}, {separable, 6}}};

branch_candidate random_candidate(const branch_design& d) {
  random_generator random(3);
  return drawn(d, random);
}

std::vector<float> scores_of(branch_candidate c) {
  thread_team alone(1U);
  network_gradient<float> branch(c.design.graph(), alone);
  random_generator random(4);
  std::vector<float> features(4 * c.design.in.size());
  for (float& x : features) x = static_cast<float>(random.normal());
  branch.forward(4, features.data(), c.parameters, 1);
  const auto scores = branch.scores(0);
  return {scores.begin(), scores.end()};
}

/// Channel k of a stage gives 0 from here on.
void silence(branch_candidate& c, std::size_t stage, std::size_t k) {
  c.parameters[detail::places_of(c.design)[stage].norm + k] = 0.0F;
}

}  // namespace

TEST_CASE("channels that give nothing are the ones cut, without a trace in the scores") {
  for (const std::size_t stage : {std::size_t{0}, std::size_t{2}}) {
    CAPTURE(stage);
    branch_candidate c = random_candidate(two_stages);
    const auto channels = static_cast<std::size_t>(c.design.stages[stage].channels);
    silence(c, stage, 1);
    silence(c, stage, channels - 1);
    const branch_candidate cut = narrowed(c, stage, static_cast<int>(channels) - 2);
    CHECK(cut.parameters.size() == cut.design.parameters());
    const auto before = scores_of(c), after = scores_of(cut);
    for (std::size_t i = 0; i < before.size(); ++i)
      CHECK(after[i] == doctest::Approx(before[i]).epsilon(1e-5));
  }
}

TEST_CASE("a channel counts by its scale and by what reads it") {
  branch_candidate c = random_candidate({{2, 4, 4}, 2, {{separable, 3}}});
  const auto places = detail::places_of(c.design);
  float* const scale = c.parameters.data() + places[0].norm;
  float* const dense = c.parameters.data() + places[1].pointwise;  // 2 x 3
  scale[0] = 1.0F, scale[1] = -2.0F, scale[2] = 0.5F;
  const float weights[] = {1.0F, 0.5F, 2.0F, -3.0F, 0.5F, 2.0F};
  std::copy_n(weights, 6, dense);
  CHECK(channel_weights(c, 0) == std::vector{4.0, 2.0, 2.0});
  CHECK(narrowed(c, 0, 1).parameters[detail::places_of(narrowed(c, 0, 1).design)[1].pointwise + 1] == -3.0F);
}

TEST_CASE("a stage less: what still fits keeps its weights") {
  random_generator random(8);
  const branch_candidate c =
      random_candidate({{6, 8, 6}, 4, {{separable, 6}, {pooled}, {separable, 6}, {separable, 9}}});
  const branch_candidate less = without_stage(c, 2, random);
  CHECK(less.design.stages == std::vector<branch_stage>{{separable, 6}, {pooled}, {separable, 9}});
  const auto from = detail::places_of(c.design), to = detail::places_of(less.design);
  const auto same = [&](std::size_t a, std::size_t b, std::size_t n) {
    return std::equal(c.parameters.begin() + static_cast<std::ptrdiff_t>(a),
                      c.parameters.begin() + static_cast<std::ptrdiff_t>(a + n),
                      less.parameters.begin() + static_cast<std::ptrdiff_t>(b));
  };
  CHECK(same(0, 0, to[2].depthwise));
  CHECK(same(from[3].depthwise, to[2].depthwise, c.parameters.size() - from[3].depthwise));
  CHECK(less.parameters.size() == less.design.parameters());

  const branch_candidate end = without_stage(c, 3, random);  // the dense layer reads 6 channels and not 9
  CHECK(end.parameters.size() == end.design.parameters());
  CHECK(std::equal(end.parameters.begin(),
                   end.parameters.begin() + static_cast<std::ptrdiff_t>(from[3].depthwise),
                   c.parameters.begin()));
  const branch_candidate unpooled = without_stage(c, 1, random);
  CHECK(unpooled.parameters == c.parameters);  // a pooling has no weights
}
