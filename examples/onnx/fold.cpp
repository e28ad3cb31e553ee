// SPDX-License-Identifier: MIT
// Folding: what moves numbers is a list of source positions, what computes is integer arithmetic.
#include "fold.hpp"

#include <algorithm>
#include <numeric>

#include "attributes.hpp"
#include "reshape.hpp"

namespace examples::onnx {

namespace {

using positions = std::vector<std::size_t>;

/// The numbers of t at the given positions, under a new shape.
tensor pick(const tensor& t, const positions& from, extents shape) {
  tensor out;
  out.type = t.type;
  out.type_name = t.type_name;
  out.origin = t.origin;
  out.shape = std::move(shape);
  for (const std::size_t i : from) {
    if (t.type == tensor::kind::integer) {
      out.integers.push_back(t.integers[i]);
    } else {
      out.reals.push_back(t.reals[i]);
    }
  }
  return out;
}

const tensor& wanted(const operation& node, const std::vector<const tensor*>& inputs, std::size_t i) {
  if (i >= inputs.size() || inputs[i] == nullptr) throw refuse(node, "lacks input " + std::to_string(i));
  if (inputs[i]->type == tensor::kind::other) {
    throw refuse(node,
                 "constant " + quote(inputs[i]->origin) + " holds " + inputs[i]->type_name + " numbers");
  }
  return *inputs[i];
}

const tensor& wanted_integers(const operation& node, const std::vector<const tensor*>& inputs,
                              std::size_t i) {
  const tensor& t = wanted(node, inputs, i);
  if (t.type != tensor::kind::integer) throw refuse(node, "input " + std::to_string(i) + " must be integers");
  return t;
}

tensor constant(const operation& node) {
  if (const attribute* a = find(node, "value", attribute::kind::constant)) return a->constant;
  tensor t;
  t.type = tensor::kind::integer;
  if (const attribute* a = find(node, "value_int", attribute::kind::integer)) {
    t.integers = {a->integer};
  } else if (const attribute* list = find(node, "value_ints", attribute::kind::integers)) {
    t.integers = list->integers;
    t.shape = {static_cast<std::int64_t>(t.integers.size())};
  } else if (const attribute* one = find(node, "value_float", attribute::kind::real)) {
    t.type = tensor::kind::real;
    t.reals = {one->real};
  } else {
    throw refuse(node, "a constant of this kind is not supported: only numbers are");
  }
  return t;
}

tensor filled(const operation& node, const tensor& shape) {
  std::int64_t count = 1;
  for (const std::int64_t e : shape.integers) {
    if (e < 0 || e > 4096 || (count *= e) > 4096) {
      throw refuse(node, "extents " + text_of(shape.integers) + " are out of range");
    }
  }
  tensor one;
  one.reals = {0.0F};
  if (const attribute* a = find(node, "value", attribute::kind::constant)) one = a->constant;
  if (one.size() != 1) throw refuse(node, "its value must be one number");
  return pick(one, positions(static_cast<std::size_t>(count)), shape.integers);
}

tensor gathered(const operation& node, const tensor& from, const tensor& index) {
  if (from.shape.size() != 1 || index.shape.size() > 1 || axis(node, integer(node, "axis", 0), 1) != 0) {
    throw refuse(node, "gathers other than from a list of numbers, which is not supported");
  }
  positions at;
  for (const std::int64_t i : index.integers) {
    const auto count = static_cast<std::int64_t>(from.size());
    if (i < -count || i >= count) throw refuse(node, "index " + std::to_string(i) + " is out of range");
    at.push_back(static_cast<std::size_t>(i < 0 ? i + count : i));
  }
  return pick(from, at, index.shape);
}

tensor joined(const operation& node, const std::vector<const tensor*>& inputs) {
  tensor out = wanted(node, inputs, 0);
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const tensor& t = wanted(node, inputs, i);
    if (t.shape.size() != 1 || t.type != out.type) throw refuse(node, "joins other than lists of one type");
    if (i == 0) continue;
    out.integers.insert(out.integers.end(), t.integers.begin(), t.integers.end());
    out.reals.insert(out.reals.end(), t.reals.begin(), t.reals.end());
  }
  out.shape = {static_cast<std::int64_t>(out.size())};
  return out;
}

/// One axis; start, end and step as numpy reads them.
tensor sliced(const operation& node, const std::vector<const tensor*>& inputs) {
  const tensor& from = wanted(node, inputs, 0);
  const auto number = [&](std::size_t i, const char* name, std::int64_t otherwise) {
    if (i < inputs.size() && inputs[i] != nullptr) {
      const tensor& t = wanted_integers(node, inputs, i);
      return t.size() == 1 ? t.integers[0] : throw refuse(node, "slices other than one axis");
    }
    const std::vector<std::int64_t> given = integers(node, name, {otherwise});
    return given.size() == 1 ? given[0] : throw refuse(node, "slices other than one axis");
  };
  const std::size_t along = axis(node, number(3, "axes", 0), from.shape.size());
  const std::int64_t extent = from.shape[along], step = number(4, "steps", 1);
  if (step == 0 || step < -extent || step > std::max<std::int64_t>(extent, 1)) {
    throw refuse(node, "step " + std::to_string(step) + " is out of range");
  }
  const std::int64_t least = step < 0 ? -1 : 0, most = step < 0 ? extent - 1 : extent;
  const auto within = [&](std::int64_t i) { return std::clamp(i < 0 ? i + extent : i, least, most); };
  const std::int64_t start = within(number(1, "starts", 0)), end = within(number(2, "ends", extent));
  std::vector<std::int64_t> rows;
  for (std::int64_t i = start; step > 0 ? i < end : i > end; i += step) rows.push_back(i);
  std::int64_t inner = 1, outer = 1;
  for (std::size_t a = 0; a < from.shape.size(); ++a)
    (a < along ? outer : inner) *= a == along ? 1 : from.shape[a];
  positions at;
  for (std::int64_t o = 0; o < outer; ++o) {
    for (const std::int64_t row : rows) {
      for (std::int64_t i = 0; i < inner; ++i)
        at.push_back(static_cast<std::size_t>((o * extent + row) * inner + i));
    }
  }
  extents shape = from.shape;
  shape[along] = static_cast<std::int64_t>(rows.size());
  return pick(from, at, shape);
}

tensor transposed(const operation& node, const tensor& from) {
  const std::size_t rank = from.shape.size();
  std::vector<std::int64_t> order(rank);
  std::iota(order.rbegin(), order.rend(), 0);
  order = permutation(node, integers(node, "perm", order), rank);
  std::vector<std::int64_t> strides(rank, 1);
  for (std::size_t a = rank; a-- > 1;) strides[a - 1] = strides[a] * from.shape[a];
  extents shape;
  for (const std::int64_t a : order) shape.push_back(from.shape[static_cast<std::size_t>(a)]);
  positions at;
  extents index(rank, 0);
  for (std::size_t n = 0; n < from.size(); ++n) {
    std::int64_t position = 0;
    for (std::size_t a = 0; a < rank; ++a) position += index[a] * strides[static_cast<std::size_t>(order[a])];
    at.push_back(static_cast<std::size_t>(position));
    for (std::size_t a = rank; a-- > 0 && ++index[a] == shape[a];) index[a] = 0;
  }
  return pick(from, at, shape);
}

tensor cast(const operation& node, const tensor& from) {
  constexpr std::int64_t float_type = 1, int32_type = 6, int64_type = 7;
  const std::int64_t to = integer(node, "to", 0);
  tensor out = from;
  if (to == float_type && from.type == tensor::kind::integer) {
    out.type = tensor::kind::real;
    out.reals.assign(from.integers.begin(), from.integers.end());
    out.integers.clear();
  } else if ((to == int64_type || to == int32_type) && from.type == tensor::kind::real) {
    out.type = tensor::kind::integer;
    for (const float x : from.reals) {
      if (!(x > -1e9F && x < 1e9F)) throw refuse(node, "casts a number that no index can be");
      out.integers.push_back(static_cast<std::int64_t>(x));
    }
    out.reals.clear();
  } else if (to != float_type && to != int32_type && to != int64_type) {
    throw refuse(node, "casts a constant to a type that is not supported");
  }
  return out;
}

tensor computed(const operation& node, const tensor& a, const tensor& b) {
  constexpr std::int64_t limit = std::int64_t{1} << 31;
  if (a.size() != b.size() && a.size() != 1 && b.size() != 1) throw refuse(node, "operands differ in size");
  tensor out = a.size() >= b.size() ? a : b;
  for (std::size_t i = 0; i < out.integers.size(); ++i) {
    const std::int64_t x = a.integers[a.size() == 1 ? 0 : i], y = b.integers[b.size() == 1 ? 0 : i];
    if (x < -limit || x > limit || y < -limit || y > limit) throw refuse(node, "numbers out of range");
    if (node.type == "Div" && y == 0) throw refuse(node, "divides by zero");
    out.integers[i] = node.type == "Add"   ? x + y
                      : node.type == "Sub" ? x - y
                      : node.type == "Mul" ? x * y
                                           : x / y;
  }
  return out;
}

}  // namespace

bool fold(const operation& node, const std::vector<const tensor*>& inputs, tensor& out) {
  const std::string& type = node.type;
  if (type == "Constant") {
    out = constant(node);
  } else if (type == "Identity" || type == "Dropout") {
    out = wanted(node, inputs, 0);
    // PyTorch writes weights that are equal once, and Identity nodes named as the others.
    if (node.outputs[0].find_first_of("/:") == std::string::npos) out.origin = node.outputs[0];
  } else if (type == "Cast") {
    out = cast(node, wanted(node, inputs, 0));
  } else if (type == "Reshape") {
    out = wanted(node, inputs, 0);
    out.shape = reshaped(node, out.shape, wanted_integers(node, inputs, 1).integers);
  } else if (type == "Squeeze" || type == "Unsqueeze") {
    out = wanted(node, inputs, 0);
    out.shape = squeezed(node, out.shape, axes_of(node, inputs.size() > 1 ? inputs[1] : nullptr));
  } else if (type == "Transpose") {
    out = transposed(node, wanted(node, inputs, 0));
  } else if (type == "Concat") {
    out = joined(node, inputs);
  } else if (type == "Gather") {
    out = gathered(node, wanted(node, inputs, 0), wanted_integers(node, inputs, 1));
  } else if (type == "Slice") {
    out = sliced(node, inputs);
  } else if (type == "ConstantOfShape") {
    out = filled(node, wanted_integers(node, inputs, 0));
  } else if (type == "Add" || type == "Sub" || type == "Mul" || type == "Div") {
    out = computed(node, wanted_integers(node, inputs, 0), wanted_integers(node, inputs, 1));
  } else {
    return false;
  }
  return true;
}

}  // namespace examples::onnx
