// SPDX-License-Identifier: MIT
// program: packed weights never overlap, loops advance by their stride, a repeated body is compiled once.
#include <flexdnn/plan/program.hpp>

#include <doctest/doctest.h>

#include <flexdnn/engine/packed.hpp>
#include <set>
#include <vector>

#include "networks.hpp"

using namespace flexdnn;

namespace {

template <class Network>
using plan_of = program<Network, native_target>;

/// Marks every packed float that a step of entries [first, last) reads, over all rounds.
template <class Plan>
void mark(std::vector<int>& floats, const std::vector<std::size_t>& sizes, int first, int last,
          std::size_t moved) {
  for (int i = first; i < last; ++i) {
    const instruction& one = Plan::entries[static_cast<std::size_t>(i)];
    if (one.run != nullptr) {
      for (std::size_t f = 0; f < sizes[static_cast<std::size_t>(i)]; ++f)
        ++floats.at(moved + one.packed + f);
      continue;
    }
    for (int r = 0; r < one.rounds; ++r) {
      mark<Plan>(floats, sizes, i + 1, i + 1 + one.length, moved + static_cast<std::size_t>(r) * one.stride);
    }
    i += one.length;
  }
}

/// Floats of each entry that pack writes, found by packing into NaN.
template <class Network>
void disjoint() {
  using plan = plan_of<Network>;
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  const std::vector<float> canonical(lowered<Network>::parameters, 1.0F);
  std::vector<std::size_t> sizes;
  for (std::size_t i = 0; i < plan::entries.size(); ++i) {
    std::vector<float> out(plan::packed_floats, nan);
    const packing& p = plan::packings[i];
    if (p.pack != nullptr) {
      p.pack(canonical.data() + p.lead, canonical.data() + p.affine, native_target::panel, out.data());
    }
    sizes.push_back(
        static_cast<std::size_t>(std::ranges::count_if(out, [](float x) { return !std::isnan(x); })));
  }
  std::vector<int> readers(plan::packed_floats, 0);
  mark<plan>(readers, sizes, 0, static_cast<int>(plan::entries.size()), 0);
  CHECK(std::ranges::max(readers) == 1);
  // What no step reads is padding to whole cache lines.
  for (const instruction& one : plan::entries) CHECK(one.packed % 16 == 0);
  for (std::size_t line = 0; line < readers.size(); line += 16) CHECK(readers[line] == 1);
}

template <class Network>
std::size_t distinct_kernels() {
  std::set<void (*)(const operands&) noexcept> kernels;
  for (const instruction& one : plan_of<Network>::entries) kernels.insert(one.run);
  return kernels.size();
}

}  // namespace

TEST_CASE("packed weights of steps and rounds are disjoint and aligned") {
  disjoint<networks::nested>();
  disjoint<networks::inserted>();
  disjoint<networks::written>();
}

TEST_CASE("block bodies are not instantiated per repeat") {
  CHECK(distinct_kernels<resnet_cifar<56>>() == distinct_kernels<resnet_cifar<20>>());
  CHECK(plan_of<resnet_cifar<110>>::entry_count == plan_of<resnet_cifar<20>>::entry_count);
  CHECK(plan_of<resnet_cifar<110>>::workspace_floats == plan_of<resnet_cifar<20>>::workspace_floats);
}

TEST_CASE("segments cover the entries once, in order") {
  using plan = plan_of<networks::inserted>;
  int before = 0;
  for (const segment& s : plan::segments) {
    CHECK(s.first == before);
    CHECK(s.branch >= s.first);
    CHECK(s.last >= s.branch);
    before = s.last;
  }
  CHECK(before == static_cast<int>(plan::entries.size()));
}
