// SPDX-License-Identifier: MIT
// Means over a map, and what turns maps into vectors or regroups channels.
#include <algorithm>

#include "attributes.hpp"
#include "reshape.hpp"
#include "take.hpp"

namespace examples::onnx {

namespace {

void add_mean(draft& d, const operation& node, const value& v, std::size_t rank) {
  layer made = plain(d, v, "global_average_pool");
  made.out = {made.out.channels, 1, 1};
  d.add(node, std::move(made), rank);
}

/// The value under other extents: a vector from a map, a vector as a map of one pixel, or channels in groups.
void reshape_to(draft& d, const operation& node, const value& v, const extents& to) {
  const shape s = d.extent(v);
  const extents map{1, s.channels, s.height, s.width}, vector{1, static_cast<std::int64_t>(s.size())};
  value seen = v;
  seen.dims = to;
  if (v.order.empty() && v.groups == 0) {
    if (to == v.dims) return d.alias(node, v);
    // Of one pixel: a vector, a map, or what stands between two squeezes of one axis each.
    if (s.pixels() == 1 && to.size() >= 2 && to[0] == 1 && to[1] == s.channels) return d.alias(node, seen);
    if (to == vector && v.dims == map) {
      layer made = plain(d, v, "flatten");
      made.out = {static_cast<int>(s.size()), 1, 1};
      return d.add(node, std::move(made), 2);
    }
    if (to.size() == 5 && v.dims == map && to[0] == 1 && to[1] * to[2] == s.channels && to[3] == s.height &&
        to[4] == s.width) {
      seen.groups = to[1];
      return d.alias(node, seen);
    }
  }
  if (v.groups != 0 && to == map && v.order == std::vector<std::int64_t>{0, 2, 1, 3, 4}) {
    layer made = plain(d, v, "channel_shuffle");
    made.type = kind::channel_shuffle;
    made.number = static_cast<double>(v.groups);
    return d.add(node, std::move(made), 4);
  }
  if (v.groups != 0 && v.order.empty() && to == map) {
    seen.groups = 0;
    return d.alias(node, seen);
  }
  throw refuse(node, "reshapes " + text_of(v.dims) + " to " + text_of(to) +
                         ": only maps to vectors, and the parts of a channel shuffle, are supported");
}

}  // namespace

void take_global_pool(draft& d, const operation& node) {
  const value v = d.map(node, 0);
  if (v.dims.size() != 4) throw refuse(node, "reads a vector " + text_of(v.dims) + ", a map is wanted");
  add_mean(d, node, v, 4);
}

void take_mean(draft& d, const operation& node) {
  const value v = d.map(node, 0);
  const tensor* const input = d.constant(node, 1);
  if (d.given(node, 1) && input == nullptr)
    throw refuse(node, "its axes are computed, only constants are supported");
  std::vector<std::size_t> axes;
  for (const std::int64_t a : axes_of(node, input)) axes.push_back(axis(node, a, v.dims.size()));
  std::sort(axes.begin(), axes.end());
  if (axes != std::vector<std::size_t>{2, 3})
    throw refuse(node, "only a mean over height and width is supported");
  add_mean(d, node, v, integer(node, "keepdims", 1) != 0 ? 4 : 2);
}

void take_flatten(draft& d, const operation& node) {
  const value v = d.map(node, 0);
  if (axis(node, integer(node, "axis", 1), v.dims.size()) != 1)
    throw refuse(node, "only axis 1 is supported");
  reshape_to(d, node, v, {1, static_cast<std::int64_t>(d.extent(v).size())});
}

void take_reshape(draft& d, const operation& node) {
  const value v = d.feature(node, 0);
  const tensor* const to = d.constant(node, 1);
  if (to == nullptr || to->type != tensor::kind::integer) {
    throw refuse(node, "its extents are computed, only constants are supported");
  }
  reshape_to(d, node, v, reshaped(node, v.dims, to->integers));
}

void take_squeeze(draft& d, const operation& node) {
  const value v = d.feature(node, 0);
  const tensor* const input = d.constant(node, 1);
  if (d.given(node, 1) && input == nullptr)
    throw refuse(node, "its axes are computed, only constants are supported");
  reshape_to(d, node, v, squeezed(node, v.dims, axes_of(node, input)));
}

void take_transpose(draft& d, const operation& node) {
  value v = d.feature(node, 0);
  const std::size_t rank = v.dims.size();
  std::vector<std::int64_t> reversed;
  for (std::size_t i = rank; i-- > 0;) reversed.push_back(static_cast<std::int64_t>(i));
  const std::vector<std::int64_t> order = permutation(node, integers(node, "perm", reversed), rank);
  const value before = v;
  bool in_order = true;
  v.order.resize(rank);
  for (std::size_t i = 0; i < rank; ++i) {
    const auto from = static_cast<std::size_t>(order[i]);
    v.dims[i] = before.dims[from];
    v.order[i] = before.order.empty() ? order[i] : before.order[from];
    in_order = in_order && v.order[i] == static_cast<std::int64_t>(i);
  }
  if (in_order) v.order.clear();
  d.alias(node, v);
}

void take_identity(draft& d, const operation& node) { d.alias(node, d.feature(node, 0)); }

}  // namespace examples::onnx
