// SPDX-License-Identifier: MIT
// trunk_probe: the maps that exits at those cut points read, and the backbone's own answer.
#include <flexdnn/search/trunk_probe.hpp>

#include <doctest/doctest.h>

#include <flexdnn/models.hpp>
#include <map>

#include "../reference.hpp"

using namespace flexdnn;

TEST_CASE("maps at every cut point, inside loops too; the backbone's scores") {
  using backbone = resnet_cifar<20>;
  using probe = trunk_probe<backbone>;
  using two = with_exits<backbone, at<2, exit_branch<"a", global_average_pool, dense<10>>>,
                         at<6, exit_branch<"b", global_average_pool, dense<10>>>>;
  CHECK(probe::cuts == static_cast<int>(lowered<backbone>::cuts.size()));
  CHECK(probe::extent(2) == shape{16, 32, 32});
  CHECK(probe::macs(2) == lowered<two>::exits[0].trunk_macs);

  std::mt19937 random(3);
  weights<backbone> w;
  w.values = reference::uniform(w.values.size(), random);
  for (float& x : w.values) x = 0.1F + 0.1F * x;
  const auto trunk = std::make_unique<probe::trunk>(w);
  probe p(*trunk);
  const std::vector<float> frame = reference::uniform(backbone::frame.size(), random);
  std::map<int, std::vector<float>> maps;
  const auto scores = p.run(probe::frame(frame), [&](int cut, std::span<const float> map) {
    maps[cut] = {map.begin(), map.end()};
  });
  CHECK(maps.size() == static_cast<std::size_t>(probe::cuts));

  const auto plain = std::make_unique<packed<backbone>>();
  pack(w, *plain);
  engine<backbone> whole(*plain);
  (void)whole.run(engine<backbone>::frame(frame));
  CHECK(std::ranges::equal(scores, whole.logits()));

  weights<two> with_branches;
  std::copy(w.values.begin(), w.values.end(), with_branches.values.begin());
  const auto packed_two = std::make_unique<packed<two>>();
  pack(with_branches, *packed_two);
  engine<two> net(*packed_two);
  (void)net.run(engine<two>::frame(frame), [&](const evidence& e, verdict) {
    if (e.exit < 2) CHECK(std::ranges::equal(net.features(e.exit), maps[e.exit == 0 ? 2 : 6]));
  });
}
