// SPDX-License-Identifier: MIT
// Looks up a node's inputs among constants and values, with a sentence where they are not what is wanted.
#include "draft.hpp"

#include <algorithm>

namespace examples::onnx {

namespace {

/// More than any map of a CNN holds, and far from the end of int.
constexpr std::int64_t most_elements = std::int64_t{1} << 28;

}  // namespace

draft::draft(const graph& from) : source(from), constants(from.constants) {
  const extents& e = from.input_shape;
  std::int64_t elements = 1;
  for (const std::int64_t extent : e) {
    if (extent > most_elements || (elements *= extent) > most_elements) {
      throw refusal("input " + quote(from.input) + ": extents " + text_of(e) + " are out of range");
    }
  }
  layer first;
  first.type = kind::input;
  first.out = {static_cast<int>(e[1]), static_cast<int>(e[2]), static_cast<int>(e[3])};
  layers.push_back(std::move(first));
  values[from.input] = {.layer = 0, .dims = e, .order = {}, .groups = 0};
}

bool draft::given(const operation& node, std::size_t input) const {
  return input < node.inputs.size() && !node.inputs[input].empty();
}

const tensor* draft::constant(const operation& node, std::size_t input) const {
  if (!given(node, input)) return nullptr;
  const auto found = constants.find(node.inputs[input]);
  return found == constants.end() ? nullptr : &found->second;
}

const tensor& draft::weights(const operation& node, std::size_t input, const extents& wanted) const {
  if (!given(node, input)) throw refuse(node, "lacks input " + std::to_string(input));
  const std::string name = quote(node.inputs[input]);
  const tensor* const t = constant(node, input);
  if (t == nullptr) throw refuse(node, "input " + name + " is computed, only a constant is supported there");
  if (t->type != tensor::kind::real) {
    throw refuse(node, "input " + name + " holds " + t->type_name + " numbers, FLOAT or FLOAT16 are wanted");
  }
  if (!wanted.empty() && t->shape != wanted) {
    throw refuse(node,
                 "input " + name + ": got extents " + text_of(t->shape) + ", wanted " + text_of(wanted));
  }
  for (std::size_t i = 0; i < t->reals.size(); ++i) {
    if (t->reals[i] - t->reals[i] != 0.0F) {
      throw refuse(node, "input " + name + ": number " + std::to_string(i) + " is not finite");
    }
  }
  return *t;
}

float draft::number(const operation& node, std::size_t input, float otherwise) const {
  if (!given(node, input)) return otherwise;
  const tensor& t = weights(node, input);
  if (t.size() != 1) throw refuse(node, "input " + quote(node.inputs[input]) + ": one number is wanted");
  return t.reals[0];
}

const value& draft::feature(const operation& node, std::size_t input) const {
  if (!given(node, input)) throw refuse(node, "lacks input " + std::to_string(input));
  const auto found = values.find(node.inputs[input]);
  if (found == values.end()) {
    throw refuse(node,
                 "input " + quote(node.inputs[input]) + " is constant, or an output that is not supported");
  }
  return found->second;
}

const value& draft::map(const operation& node, std::size_t input) const {
  const value& v = feature(node, input);
  if (v.order.empty() && v.groups == 0 && (v.dims.size() == 4 || v.dims.size() == 2)) return v;
  throw refuse(node, "reads " + quote(node.inputs[input]) + " of extents " + text_of(v.dims) +
                         ": only maps {batch, channels, height, width} and vectors are supported");
}

void draft::add(const operation& node, layer made, std::size_t rank) {
  const auto extent_in_range = [](int e) { return e > 0 && e <= most_elements; };
  const shape& s = made.out;
  if (!extent_in_range(s.channels) || !extent_in_range(s.height) || !extent_in_range(s.width) ||
      static_cast<std::int64_t>(s.height) * s.width > most_elements ||
      static_cast<std::int64_t>(s.height) * s.width * s.channels > most_elements) {
    throw refuse(node, "its output " + text_of(s) + " is empty or out of range");
  }
  made.from = &node;
  extents dims{1, s.channels};
  if (rank == 4) dims.insert(dims.end(), {s.height, s.width});
  layers.push_back(std::move(made));
  alias(node,
        {.layer = static_cast<int>(layers.size()) - 1, .dims = std::move(dims), .order = {}, .groups = 0});
}

layer plain(const draft& d, const value& reads, std::string name) {
  layer made;
  made.name = std::move(name);
  made.inputs = {reads.layer};
  made.out = d.extent(reads);
  return made;
}

std::string parameter_path(const operation& node, const tensor& weight) {
  const std::string& origin = weight.origin;
  const std::size_t last = origin.rfind('.');
  const auto fits = [](const std::string& path) {
    return path.size() <= 56 &&
           path.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
               "0123456789_.") == std::string::npos &&
           path.find("..") == std::string::npos && path.front() != '.' && path.back() != '.';
  };
  if (last != std::string::npos && last > 0 && fits(origin.substr(0, last))) return origin.substr(0, last);
  std::string path, before;
  for (std::size_t at = 1; !node.name.empty() && node.name[0] == '/';) {
    const std::size_t next = node.name.find('/', at);
    if (next == std::string::npos) break;
    const std::string part = node.name.substr(at, next - at);
    if (part.starts_with(before + ".") && !before.empty()) {
      path += part.substr(before.size());  // children of a Sequential repeat its name
    } else {
      path += (path.empty() ? "" : ".") + part;
    }
    before = part;
    at = next + 1;
  }
  return !path.empty() && fits(path) ? path : "";
}

}  // namespace examples::onnx
