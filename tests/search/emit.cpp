// SPDX-License-Identifier: MIT
// emit: the type that the header spells reads the weights beside it, number by number; mistakes are refused.
#include <flexdnn/search/emit.hpp>

#include <doctest/doctest.h>

#include <flexdnn/flexdnn.hpp>

#include "../io/support.hpp"

using namespace flexdnn;

namespace {

using enum branch_stage::kind;

struct backbone : network<input<3, 8, 8>, conv2d<6, kernel<3>>, batch_norm, relu, max_pool2d<kernel<2>>,
                          conv2d<8, kernel<3>>, relu, global_average_pool, dense<4>> {};

/// As header_of spells it below; tests/emitted compiles such a header.
struct expected
    : with_exits<backbone,
                 at<1, exit_branch<"first", separable_conv2d<5, kernel<3>, bias<false>>, batch_norm, relu,
                                   max_pool2d<kernel<2>>, separable_conv2d<7, kernel<3>, bias<false>>,
                                   batch_norm, relu, global_average_pool, dense<4>>>,
                 at<2, exit_branch<"second", global_average_pool, dense<4>>>> {};

adapted_network two_exits() {
  random_generator random(5);
  return {.name = "my_net",
          .backbone = "backbone",
          .header = "\"backbone.hpp\"",
          .data = "using data = my_data;",
          .exits = {{1, "first", drawn({{6, 8, 8}, 4, {{separable, 5}, {pooled}, {separable, 7}}}, random)},
                    {2, "second", drawn({{6, 4, 4}, 4, {}}, random)}},
          .levels = {{0.005, {0.75F, 1.0F}, 12345678.0}, {0.01, {0.5F, 0.875F}, 2e5}},
          .provenance = {"of a test"}};
}

}  // namespace

TEST_CASE("the header") {
  CHECK(header_of(two_exits()) ==
        "// my_net: backbone with 2 early exits, written by flexdnn.\n"
        "// of a test\n"
        "#pragma once\n\n"
        "#include <array>\n"
        "#include \"backbone.hpp\"\n"
        "#include <flexdnn/calibrate/risk_level.hpp>\n"
        "#include <flexdnn/flexdnn.hpp>\n\n"
        "namespace flexdnn {\n\n"
        "struct my_net\n"
        "    : with_exits<backbone,\n"
        "                 at<1, exit_branch<\"first\", separable_conv2d<5, kernel<3>, bias<false>>, "
        "batch_norm, relu, "
        "max_pool2d<kernel<2>>, separable_conv2d<7, kernel<3>, bias<false>>, batch_norm, relu, "
        "global_average_pool, "
        "dense<4>>>,\n"
        "                 at<2, exit_branch<\"second\", global_average_pool, dense<4>>>> {\n"
        "  using data = my_data;\n"
        "  static constexpr std::array<risk_level<3>, 2> risk_levels{{\n"
        "      {0.005, {0x1.8p-1F, 0x1p+0F}, 1.235e+07},\n"
        "      {0.01, {0x1p-1F, 0x1.cp-1F}, 2e+05},\n"
        "  }};\n"
        "};\n\n"
        "}  // namespace flexdnn\n");
}

TEST_CASE("the weights are what the header's type reads") {
  const io_test::temporary_directory d;
  const adapted_network n = two_exits();
  weights<backbone> trunk;
  for (std::size_t i = 0; i < trunk.values.size(); ++i) trunk.values[i] = 0.25F * static_cast<float>(i);
  REQUIRE(emit(d.file(""), *freeze(trunk), n));
  weights<expected> read;
  const status s = read_weights(d.file("my_net.safetensors"), read);
  INFO(s.message());
  REQUIRE(s);
  std::vector<float> wanted = trunk.values;
  for (const adapted_exit& e : n.exits)
    wanted.insert(wanted.end(), e.branch.parameters.begin(), e.branch.parameters.end());
  CHECK(read.values == wanted);
  CHECK(io_test::slurp(d.file("my_net.hpp")) == header_of(n));
}

TEST_CASE("what cannot be emitted is refused, and nothing is written") {
  const io_test::temporary_directory d;
  const weights<backbone> trunk;
  const auto refused = [&](auto change, const char* fragment) {
    adapted_network n = two_exits();
    change(n);
    io_test::check_error(emit(d.file(""), *freeze(trunk), n), code::bad_option, fragment);
    CHECK(d.entries() == 0);
  };
  for (const char* name : {"", "3net", "my net", "_net", "a__b"}) {
    refused([&](adapted_network& n) { n.name = name; }, "emit: the name is|letters, digits");
  }
  refused([](adapted_network& n) { n.exits[1].name = "first"; }, "exit 1 is named|of its own");
  refused([](adapted_network& n) { n.exits[1].cut = 1; }, "exit 1 stands at cut point 1");
  refused([](adapted_network& n) { n.exits[0].branch.parameters.pop_back(); }, "its branch wants");
  refused([](adapted_network& n) { n.levels[0].thresholds.pop_back(); }, "1 thresholds for 2 exits");
  refused([](adapted_network& n) { n.levels[0].thresholds[0] = no_exit; }, "or one of none");
  io_test::check_error(emit(d.file("missing"), *freeze(trunk), two_exits()), code::cannot_write,
                       "my_net.safetensors");
}
