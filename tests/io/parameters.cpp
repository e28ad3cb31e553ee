// SPDX-License-Identifier: MIT
// Laws of io/parameters: PyTorch's names in PyTorch's order, each number of the canonical block once.
#include <doctest/doctest.h>

#include <algorithm>
#include <flexdnn/flexdnn.hpp>
#include <flexdnn/io/parameters.hpp>
#include <string>
#include <vector>

using namespace flexdnn;

namespace {
using head = sequence<global_average_pool, dense<3>>;
using conv = conv2d<4, kernel<3>>;
using block = residual<sequence<conv, batch_norm, relu, conv>, none, relu>;

/// Name and extents, as state_dict() lists them without num_batches_tracked.
struct expected {
  std::string name;
  std::vector<std::uint64_t> extents;
};

void add_norm(std::vector<expected>& all, const std::string& name, std::uint64_t channels) {
  for (const char* part : {".weight", ".bias", ".running_mean", ".running_var"}) {
    all.push_back({name + part, {channels}});
  }
}

std::vector<expected> pytorch_resnet20() {
  std::vector<expected> all{{"conv1.weight", {16, 3, 3, 3}}};
  add_norm(all, "bn1", 16);
  std::uint64_t in = 16;
  for (int layer = 1; layer <= 3; ++layer) {
    const std::uint64_t out = std::uint64_t{8} << layer;
    for (int i = 0; i < 3; ++i) {
      const std::string where = "layer" + std::to_string(layer) + "." + std::to_string(i);
      all.push_back({where + ".conv1.weight", {out, in, 3, 3}});
      add_norm(all, where + ".bn1", out);
      all.push_back({where + ".conv2.weight", {out, out, 3, 3}});
      add_norm(all, where + ".bn2", out);
      in = out;
    }
  }
  all.push_back({"linear.weight", {10, 64}});
  all.push_back({"linear.bias", {10}});
  return all;
}

/// One after the other without gaps, under names of their own, to the end of the block.
template <class Network>
void check_tiling() {
  std::size_t next = 0;
  std::vector<std::string> names;
  for (const named_parameter& p : parameters<Network>()) {
    INFO(p.name);
    CHECK(p.offset == next);
    std::uint64_t product = 1;
    for (const std::uint64_t extent : p.extents) product *= extent;
    CHECK(product == p.size);
    CHECK(p.exit == (p.offset >= lowered<Network>::trunk_parameters));
    CHECK(p.exit == p.name.starts_with("exits."));
    next += p.size;
    names.push_back(p.name);
  }
  CHECK(next == lowered<Network>::parameters);
  std::ranges::sort(names);
  CHECK(std::ranges::adjacent_find(names) == names.end());
}

/// The first network's parameters are the beginning of the second's.
template <class Beginning, class Whole>
void check_beginning() {
  const auto beginning = parameters<Beginning>(), whole = parameters<Whole>();
  REQUIRE(beginning.size() <= whole.size());
  for (std::size_t i = 0; i < beginning.size(); ++i) {
    INFO(beginning[i].name);
    CHECK(whole[i].name == beginning[i].name);
    CHECK(whole[i].offset == beginning[i].offset);
    CHECK(whole[i].extents == beginning[i].extents);
    CHECK(whole[i].buffer == beginning[i].buffer);
    CHECK(whole[i].counts_batches == beginning[i].counts_batches);
  }
}

template <class Network>
std::vector<std::string> names_of(std::string_view ending) {
  std::vector<std::string> names;
  for (const named_parameter& p : parameters<Network>()) {
    if (p.name.ends_with(ending)) names.push_back(p.name);
  }
  return names;
}

struct resnet20_two_exits
    : with_exits<
          resnet_cifar<20>, at<3, exit_branch<"a", global_average_pool, dense<10>>>,
          at<4, exit_branch<"b", conv2d<8, kernel<3>>, batch_norm, relu, global_average_pool, dense<10>>>,
          at<10, exit_branch<"c", global_average_pool, dense<10>>>> {};

struct rolled : network<input<4, 6, 5>, repeat<5, conv>, repeat<4, block>, repeat<3, sequence<conv, relu>>,
                        named<"stage", repeat<3, conv>, conv>, head> {};
struct unrolled
    : network<input<4, 6, 5>, conv, conv, conv, conv, conv, block, block, block, block, sequence<conv, relu>,
              sequence<conv, relu>, sequence<conv, relu>, named<"stage", conv, conv, conv, conv>, head> {};
struct rolled_exits
    : with_exits<rolled, at<2, exit_branch<"a", head>>, at<7, exit_branch<"b", repeat<3, conv>, head>>,
                 at<11, exit_branch<"c", head>>> {};

// Three rounds of a body that holds two copies of its loop's block, and one copy of a residual's.
struct nested : network<input<4, 6, 5>, repeat<3, sequence<repeat<3, conv>, relu, repeat<2, block>>>, head> {
};
using round = sequence<conv, conv, conv, relu, block, block>;
struct nested_unrolled : network<input<4, 6, 5>, round, round, round, head> {};
}  // namespace

TEST_CASE("io/parameters: ResNet-20 has PyTorch's names and extents in PyTorch's order") {
  const auto got = parameters<resnet_cifar<20>>();
  const auto wanted = pytorch_resnet20();
  REQUIRE(got.size() == wanted.size());
  for (std::size_t i = 0; i < got.size(); ++i) {
    CHECK(got[i].name == wanted[i].name);
    CHECK(got[i].extents == wanted[i].extents);
    CHECK(got[i].buffer == (got[i].name.find(".running_") != std::string::npos));
    CHECK(got[i].counts_batches == got[i].name.ends_with(".running_var"));
  }
}

TEST_CASE("io/parameters: every number of the canonical block belongs to one parameter") {
  check_tiling<resnet_cifar<20>>();
  check_tiling<resnet_cifar<20, 10, projection>>();
  check_tiling<resnet20_two_exits>();
  check_tiling<rolled>();
  check_tiling<rolled_exits>();
  check_tiling<nested>();
}

TEST_CASE("io/parameters: exits, inside repeats too, leave the trunk's names and offsets alone") {
  check_beginning<resnet_cifar<20>, resnet20_two_exits>();
  check_beginning<rolled, rolled_exits>();
  CHECK(names_of<rolled_exits>("0.weight").back() == "exits.b.0.weight");
  CHECK(names_of<resnet20_two_exits>("running_var").back() == "exits.b.1.running_var");
}

TEST_CASE("io/parameters: a repeat is named as its rounds written out") {
  check_beginning<rolled, unrolled>();
  check_beginning<unrolled, rolled>();
  const std::vector<std::string> stage{"stage.0.weight", "stage.1.weight", "stage.2.weight",
                                       "stage.3.weight"};
  std::vector<std::string> got;
  std::ranges::copy_if(names_of<rolled>(".weight"), std::back_inserter(got),
                       [](const std::string& name) { return name.starts_with("stage."); });
  CHECK(got == stage);
}

TEST_CASE("io/parameters: nested repeats are named as their rounds written out") {
  check_beginning<nested, nested_unrolled>();
  check_beginning<nested_unrolled, nested>();
  const auto names = names_of<nested>(".weight");
  REQUIRE(names.size() > 10);
  CHECK(names[1] == "0.1.weight");
  CHECK(names[3] == "0.4.0.weight");
  CHECK(names[9] == "1.0.weight");
}
