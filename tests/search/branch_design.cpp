// SPDX-License-Identifier: MIT
// branch_design: the same rows, cost and parameters as the branch written as a type.
#include <flexdnn/search/branch_design.hpp>

#include <doctest/doctest.h>

#include <flexdnn/flexdnn.hpp>

using namespace flexdnn;

namespace {

using enum branch_stage::kind;

struct spelled_out
    : network<input<5, 9, 12>, relu,
              exit_branch<"all", separable_conv2d<8, kernel<3>, bias<false>>, batch_norm, relu,
                          max_pool2d<kernel<2>>, separable_conv2d<6, kernel<3>, bias<false>>, batch_norm,
                          relu, max_pool2d<kernel<2>>, separable_conv2d<7, kernel<3>, bias<false>>,
                          batch_norm, relu, global_average_pool, dense<4>>,
              exit_branch<"dense", global_average_pool, dense<4>>, global_average_pool, dense<4>> {};

const branch_design three_convolutions{
    {5, 9, 12}, 4, {{separable, 8}, {pooled}, {separable, 6}, {pooled}, {separable, 7}}};
const branch_design dense_alone{{5, 9, 12}, 4, {}};

template <int Exit>
void same_as_type(const branch_design& d) {
  const training_graph whole = make_training_graph<spelled_out>(), got = d.graph();
  std::vector<operation> wanted;
  for (const operation& o : whole.operations) {
    if (o.exit == Exit) wanted.push_back(o);
  }
  REQUIRE(got.operations.size() == wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    CAPTURE(i);
    const operation &g = got.operations[i], &w = wanted[i];
    CHECK(g.what == w.what);
    CHECK(g.in == w.in);
    CHECK(g.out == w.out);
    CHECK(g.linear == w.linear);
    CHECK(g.pool == w.pool);
    CHECK(g.function == w.function);
    CHECK(g.constant == w.constant);
    CHECK(g.bias == w.bias);
    CHECK(g.weights == w.weights - wanted.front().weights);
    CHECK(g.parameters == w.parameters);
    CHECK(g.input == static_cast<int>(i));
    CHECK(g.output == static_cast<int>(i) + 1);
  }
  CHECK(got.exits.at(0).scores == static_cast<int>(wanted.size()));
  std::size_t parameters = 0;
  for (const node& n : lowered<spelled_out>::nodes) parameters += n.exit == Exit ? n.parameters : 0;
  CHECK(d.parameters() == parameters);
  CHECK(d.macs() == lowered<spelled_out>::exits[Exit].branch_macs);
}

}  // namespace

TEST_CASE("a design is the branch as a type") {
  same_as_type<0>(three_convolutions);
  same_as_type<1>(dense_alone);
}

TEST_CASE("spelled as template arguments") {
  CHECK(dense_alone.spelled() == "global_average_pool, dense<4>");
  CHECK(branch_design{{5, 9, 12}, 3, {{separable, 8}, {pooled}}}.spelled() ==
        "separable_conv2d<8, kernel<3>, bias<false>>, batch_norm, relu, max_pool2d<kernel<2>>, "
        "global_average_pool, "
        "dense<3>");
}

TEST_CASE("the start has three convolutions, and poolings where the map allows them") {
  const auto start = [](shape in) { return branch_design::over_parameterised(in, 10).stages; };
  CHECK(start({16, 32, 32}) ==
        std::vector<branch_stage>{{separable, 32}, {pooled}, {separable, 64}, {pooled}, {separable, 64}});
  CHECK(start({128, 3, 3}) ==
        std::vector<branch_stage>{{separable, 256}, {pooled}, {separable, 256}, {separable, 256}});
  CHECK(start({4, 1, 1}) == std::vector<branch_stage>{{separable, 32}, {separable, 32}, {separable, 32}});
}
