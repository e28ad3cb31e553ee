// SPDX-License-Identifier: MIT
// read_branches: the exits of a weights file as branches that are data: what emit wrote, or a training of
// exits.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "emit.hpp"
#include "joint_graph.hpp"

namespace flexdnn {

namespace detail {

/// The stages that an exit's tensors tell: a separable convolution with batch norm and relu takes three
/// places in the numbering, a pooling one, and the dense layer ends it, after global average pooling. Errors:
/// unknown_tensor where they are something else.
inline status read_stages(const safetensors_view& file, const std::string& exit, branch_design& d) {
  constexpr int most = 64;
  const auto find = [&](int place, const char* name) {
    return file.find("exits." + exit + "." + std::to_string(place) + "." + name);
  };
  for (int place = 0; place < most;) {
    const tensor_entry* const dense = find(place + 1, "weight");
    if (const tensor_entry* const pointwise = find(place, "pointwise.weight"); pointwise != nullptr) {
      if (pointwise->shape.size() != 4 || pointwise->shape[0] < 1 || pointwise->shape[0] > 65'536) break;
      d.stages.push_back({branch_stage::kind::separable, static_cast<int>(pointwise->shape[0])});
      place += 3;
    } else if (dense != nullptr && dense->shape.size() == 2) {
      return {};
    } else {
      d.stages.push_back({branch_stage::kind::pooled});
      ++place;
    }
  }
  return status::error(
      code::unknown_tensor,
      "exit %s: its tensors are no chain of separable convolutions, poolings and a dense layer",
      quoted(exit).text());
}

}  // namespace detail

/// Exits named "after_1" stand at cut point 1, and so on; out has them in order, and is empty where there is
/// none. Branches are chains of what branch_design has; strides are not in a file: a branch must have none.
/// Errors: those of reading and of tensors that do not fit; unknown_tensor where an exit is no such branch or
/// has another name. out stays as it was then.
inline status read_branches(const std::string& path, const frozen_trunk& trunk,
                            std::vector<exit_candidate>& out) {
  std::vector<std::byte> bytes;
  if (const status s = read_file(path, bytes); !s) return s;
  safetensors_view file;
  if (const status s = safetensors_view::parse(bytes, file); !s) return detail::in_file(path, s);
  std::vector<exit_candidate> read;
  std::size_t used = 0;
  for (int cut = 1; cut <= trunk.cuts(); ++cut) {
    const std::string name = exit_name(cut), prefix = "exits." + name + ".";
    if (std::ranges::none_of(file.tensors(),
                             [&](const tensor_entry& t) { return t.name.starts_with(prefix); }))
      continue;
    adapted_exit e{cut, name, {{trunk.cut(cut).map, trunk.classes(), {}}, {}}};
    if (const status s = detail::read_stages(file, name, e.branch.design); !s)
      return detail::in_file(path, s);
    if (const int side = std::min(e.branch.design.in.height, e.branch.design.in.width);
        side >> std::ranges::count(e.branch.design.stages, branch_stage::kind::pooled, &branch_stage::what) <
        1) {
      return detail::in_file(path, status::error(code::unknown_tensor, "exit %s: its poolings leave no pixel",
                                                 quoted(name).text()));
    }
    e.branch.parameters.resize(e.branch.design.parameters());
    for (const named_parameter& p : detail::tensors_of(e, 0)) {
      const tensor_entry* const tensor = file.find(p.name);
      const std::span<float> numbers = std::span(e.branch.parameters).subspan(p.offset, p.size);
      const std::string told = quoted(p.name).text();
      status s = detail::check_tensor(told, p, tensor);
      if (s) {
        detail::copy_numbers(*tensor, numbers);
        s = detail::check_numbers(told, numbers, p.counts_batches);
      }
      if (!s) return detail::in_file(path, s);
      ++used;
    }
    read.push_back({cut, std::move(e.branch)});
  }
  const auto there = std::ranges::count_if(file.tensors(), [](const tensor_entry& t) {
    return t.name.starts_with("exits.") && !t.name.ends_with("num_batches_tracked");
  });
  if (static_cast<std::size_t>(there) != used) {
    return detail::in_file(path,
                           status::error(code::unknown_tensor,
                                         "%td tensors of exits, %zu of them of branches at cut points 1 to "
                                         "%d, which are named after_1 and so on",
                                         there, used, trunk.cuts()));
  }
  out = std::move(read);
  return {};
}

}  // namespace flexdnn
