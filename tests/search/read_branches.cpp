// SPDX-License-Identifier: MIT
// read_branches: what emit wrote comes back, number by number; what is no branch is refused.
#include <flexdnn/search/read_branches.hpp>

#include <doctest/doctest.h>

#include <flexdnn/flexdnn.hpp>

#include "../io/support.hpp"

using namespace flexdnn;

namespace {

using enum branch_stage::kind;

struct read_backbone : network<input<3, 8, 8>, conv2d<6, kernel<3>>, batch_norm, relu, max_pool2d<kernel<2>>,
                               conv2d<8, kernel<3>>, relu, global_average_pool, dense<4>> {};

const std::unique_ptr<frozen_trunk> read_trunk = freeze(weights<read_backbone>{});

/// One of every form: a pooling first, last, none, nothing at all.
adapted_network emitted_exits() {
  random_generator random(6);
  return {.name = "net",
          .backbone = "read_backbone",
          .exits = {{1, "after_1",
                     drawn({{6, 8, 8}, 4, {{pooled}, {separable, 5}, {separable, 7}, {pooled}}}, random)},
                    {2, "after_2", drawn({{6, 4, 4}, 4, {{separable, 3}}}, random)},
                    {3, "after_3", drawn({{8, 4, 4}, 4, {}}, random)}}};
}

std::string written(const io_test::temporary_directory& d, const adapted_network& net) {
  const std::string path = d.file("net.safetensors");
  REQUIRE(write_adapted_weights(path, *read_trunk, net));
  return path;
}

}  // namespace

TEST_CASE("branches that were emitted come back") {
  const io_test::temporary_directory d;
  const adapted_network net = emitted_exits();
  const std::string path = written(d, net);
  std::vector<exit_candidate> got;
  REQUIRE(read_branches(path, *read_trunk, got));
  REQUIRE(got.size() == net.exits.size());
  for (std::size_t e = 0; e < got.size(); ++e) {
    CHECK(got[e].cut == net.exits[e].cut);
    CHECK(got[e].branch.design == net.exits[e].branch.design);
    CHECK(got[e].branch.parameters == net.exits[e].branch.parameters);
  }
  // A plain backbone's file has none.
  adapted_network plain = net;
  plain.exits.clear();
  REQUIRE(read_branches(written(d, plain), *read_trunk, got));
  CHECK(got.empty());
}

TEST_CASE("what is no branch of the backbone is refused, and nothing is taken") {
  const io_test::temporary_directory d;
  std::vector<exit_candidate> got(1);
  const auto refused = [&](auto change, code what, const char* fragments) {
    adapted_network net = emitted_exits();
    change(net);
    io_test::check_error(read_branches(written(d, net), *read_trunk, got), what, fragments);
    CHECK(got.size() == 1);
  };
  refused([](adapted_network& n) { n.exits[1].name = "early"; }, code::unknown_tensor,
          "tensors of exits|after_1");
  refused(
      [](adapted_network& n) {
        n.exits[1].branch.design.classes = 5, n.exits[1].branch.parameters.resize(999);
      },
      code::wrong_shape, "'exits.after_2.4.weight'|got shape [5,3]|wanted [4,3]");
  refused(
      [](adapted_network& n) {
        for (int i = 0; i < 3; ++i) n.exits[2].branch.design.stages.push_back({pooled});
      },
      code::unknown_tensor, "'after_3': its poolings leave no pixel");
  io_test::check_error(read_branches(d.file("none"), *read_trunk, got), code::cannot_open, "none");
}
