// SPDX-License-Identifier: MIT
// Works out extents and orders of axes, and refuses those that contradict themselves.
#include "reshape.hpp"

#include <algorithm>

#include "attributes.hpp"

namespace examples::onnx {

extents reshaped(const operation& node, const extents& from, const std::vector<std::int64_t>& to) {
  std::int64_t total = 1, known = 1;
  for (const std::int64_t e : from) total *= e;
  extents shape = to;
  std::int64_t* open = nullptr;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] == 0 && i < from.size() && integer(node, "allowzero", 0) == 0) shape[i] = from[i];
    if (shape[i] == -1 && open == nullptr) {
      open = &shape[i];
    } else if (shape[i] < 1 || shape[i] > total || (known *= shape[i]) > total) {
      throw refuse(node, "reshapes " + text_of(from) + " to " + text_of(to));
    }
  }
  if (open != nullptr) *open = total / known;
  if (open != nullptr ? total % known != 0 : known != total) {
    throw refuse(node, "reshapes " + text_of(from) + " to " + text_of(to));
  }
  return shape;
}

std::vector<std::int64_t> axes_of(const operation& node, const tensor* input) {
  if (input == nullptr) return integers(node, "axes", {});
  if (input->type != tensor::kind::integer) throw refuse(node, "its axes must be integers");
  return input->integers;
}

extents squeezed(const operation& node, const extents& from, const std::vector<std::int64_t>& axes) {
  const bool adds = node.type == "Unsqueeze";
  if (axes.size() > 8) throw refuse(node, "names " + std::to_string(axes.size()) + " axes");
  std::vector<bool> named(from.size() + (adds ? axes.size() : 0), axes.empty());
  for (const std::int64_t a : axes) named[axis(node, a, named.size())] = true;
  extents shape;
  std::size_t next = 0;
  for (std::size_t i = 0; i < named.size(); ++i) {
    if (adds) {
      if (!named[i] && next == from.size()) throw refuse(node, "names an axis twice");
      shape.push_back(named[i] ? 1 : from[next++]);
    } else if (!named[i] || (axes.empty() && from[i] != 1)) {
      shape.push_back(from[i]);
    } else if (from[i] != 1) {
      throw refuse(node, "squeezes axis " + std::to_string(i) + " of " + text_of(from));
    }
  }
  if (adds && next != from.size()) throw refuse(node, "names an axis twice");
  return shape;
}

std::vector<std::int64_t> permutation(const operation& node, std::vector<std::int64_t> order,
                                      std::size_t rank) {
  std::vector<std::int64_t> sorted = order;
  std::sort(sorted.begin(), sorted.end());
  bool good = order.size() == rank;
  for (std::size_t i = 0; good && i < rank; ++i) good = sorted[i] == static_cast<std::int64_t>(i);
  if (!good)
    throw refuse(node, "perm " + text_of(order) + " is no order of " + std::to_string(rank) + " axes");
  return order;
}

tensor shape_of(const operation& node, const extents& of) {
  const auto rank = static_cast<std::int64_t>(of.size());
  const auto within = [&](std::int64_t i) { return std::clamp<std::int64_t>(i < 0 ? i + rank : i, 0, rank); };
  const std::int64_t start = within(std::max(integer(node, "start", 0), -rank));
  const std::int64_t end = std::max(start, within(std::max(integer(node, "end", rank), -rank)));
  tensor t;
  t.type = tensor::kind::integer;
  t.integers.assign(of.begin() + start, of.begin() + end);
  t.shape = {end - start};
  return t;
}

}  // namespace examples::onnx
