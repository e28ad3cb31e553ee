// SPDX-License-Identifier: MIT
// Activations, whole or as exporters take them apart, and what joins branches.
#include <algorithm>
#include <cmath>

#include "attributes.hpp"
#include "take.hpp"

namespace examples::onnx {

namespace {

bool near(double a, double b) { return std::abs(a - b) <= 1e-6 * std::abs(b); }

bool is(const layer& l, std::string_view name) { return l.type == kind::plain && l.name == name; }

/// The layer that l reads; of the input, itself.
const layer& before(const draft& d, const layer& l) {
  return d.layers[static_cast<std::size_t>(l.inputs.empty() ? 0 : l.inputs[0])];
}

/// Whether l is min(max(x + 3, 0), 6) of layer x.
bool is_clipped_shift(const draft& d, const layer& l, int x) {
  const layer& shift = before(d, l);
  return is(l, "relu6") && shift.type == kind::plus && near(shift.number, 3.0) &&
         (x < 0 || shift.inputs[0] == x);
}

void add_plain(draft& d, const operation& node, const value& reads, std::string name, int layer_read) {
  layer made = plain(d, reads, std::move(name));
  made.inputs = {layer_read};
  d.add(node, std::move(made), reads.dims.size());
}

void add_number(draft& d, const operation& node, const value& v, kind type, double number) {
  layer made = plain(d, v, type == kind::plus ? "a number added" : "a number multiplied");
  made.type = type;
  made.number = number;
  d.add(node, std::move(made), v.dims.size());
}

/// x times a number: the last step of a hard sigmoid or hard swish taken apart, or refused later.
void take_scale(draft& d, const operation& node, const value& v, double number) {
  const layer& l = d.at(v);
  if (near(number, 1.0 / 6.0)) {
    if (is_clipped_shift(d, l, -1)) return add_plain(d, node, v, "hard_sigmoid", before(d, l).inputs[0]);
    if (l.type == kind::multiply) {
      for (const int side : {0, 1}) {
        const int x = l.inputs[static_cast<std::size_t>(side)];
        const int gate = l.inputs[static_cast<std::size_t>(1 - side)];
        if (!is_clipped_shift(d, d.layers[static_cast<std::size_t>(gate)], x)) continue;
        return add_plain(d, node, v, "hard_swish", x);
      }
    }
  }
  add_number(d, node, v, kind::times, number);
}

void add_join(draft& d, const operation& node, kind type, const value& a, const value& b, shape out) {
  layer made;
  made.type = type;
  made.inputs = {a.layer, b.layer};
  made.out = out;
  d.add(node, std::move(made), std::max(a.dims.size(), b.dims.size()));
}

/// The one constant among two inputs: 0 or 1; 2: none.
std::size_t constant_input(const draft& d, const operation& node) {
  if (node.inputs.size() != 2) {
    throw refuse(node, "has " + std::to_string(node.inputs.size()) + " inputs, 2 are supported");
  }
  return d.constant(node, 0) != nullptr ? 0 : d.constant(node, 1) != nullptr ? 1 : 2;
}

}  // namespace

void take_activation(draft& d, const operation& node) {
  const value v = d.map(node, 0);
  if (node.type == "LeakyRelu") {
    layer made = plain(d, v, "leaky_relu");
    made.type = kind::leaky_relu;
    made.number = static_cast<double>(real(node, "alpha", 0.01F));
    if (!(made.number >= 0.0 && made.number < 100.0)) throw refuse(node, "its alpha is out of range");
    return d.add(node, std::move(made), v.dims.size());
  }
  if (node.type == "HardSigmoid") {
    const double alpha = static_cast<double>(real(node, "alpha", 0.2F));
    const double beta = static_cast<double>(real(node, "beta", 0.5F));
    if (!near(alpha, 1.0 / 6.0) || !near(beta, 0.5)) {
      throw refuse(node, "alpha " + std::to_string(alpha) + ", beta " + std::to_string(beta) +
                             ": only alpha 1/6, beta 1/2 is supported, as PyTorch has it");
    }
  }
  const std::string name = node.type == "Relu"        ? "relu"
                           : node.type == "Sigmoid"   ? "sigmoid"
                           : node.type == "HardSwish" ? "hard_swish"
                                                      : "hard_sigmoid";
  add_plain(d, node, v, name, v.layer);
}

void take_clip(draft& d, const operation& node) {
  const value v = d.map(node, 0);
  constexpr float infinite = 3.4e38F;
  const float least = d.given(node, 1) ? d.number(node, 1, 0.0F) : real(node, "min", -infinite);
  const float most = d.given(node, 2) ? d.number(node, 2, 0.0F) : real(node, "max", infinite);
  if (least != 0.0F || (most != 6.0F && most < infinite)) {
    throw refuse(node, "clips to [" + std::to_string(least) + ", " + std::to_string(most) +
                           "]: only [0, 6] (relu6) and [0, infinity) (relu) are supported");
  }
  // PyTorch writes relu6 as a relu and a clip.
  const bool again = is(d.at(v), "relu");
  add_plain(d, node, v, most == 6.0F ? "relu6" : "relu", again ? d.at(v).inputs[0] : v.layer);
}

void take_softmax(draft& d, const operation& node) {
  const value v = d.feature(node, 0);
  // Until opset 12 all axes from the given one on were one; a single axis is meant where the rest is 1.
  const bool flattens = d.source.opset < 13;
  std::size_t along = axis(node, integer(node, "axis", flattens ? 1 : -1), v.dims.size());
  bool alone = true;
  for (std::size_t i = along + 1; i < v.dims.size(); ++i) alone = alone && v.dims[i] == 1;
  if (!v.order.empty()) along = static_cast<std::size_t>(v.order[along]);
  if (v.groups != 0 || along != 1 || (flattens && !alone)) {
    throw refuse(node, "only a softmax over the channels is supported");
  }
  if (node.type == "LogSoftmax" && node.outputs[0] != d.source.output) {
    throw refuse(node, "is supported only as the graph's output");
  }
  layer made = plain(d, v, "softmax2d");
  d.add(node, std::move(made), v.dims.size());
  d.values[node.outputs[0]].dims = v.dims;
  d.values[node.outputs[0]].order = v.order;
}

void take_add(draft& d, const operation& node) {
  const std::size_t constant = constant_input(d, node);
  const bool minus = node.type == "Sub";
  if (constant < 2) {
    const value v = d.map(node, 1 - constant);
    const tensor& t = d.weights(node, constant);
    if (t.size() == 1 && !(minus && constant == 0)) {
      const double number = static_cast<double>(t.reals[0]);
      return add_number(d, node, v, kind::plus, minus ? -number : number);
    }
    if (!minus && take_bias(d, node, constant)) return;
    throw refuse(node, "a constant of extents " + text_of(t.shape) +
                           " is not supported there: only a bias after a Conv or MatMul that has none");
  }
  if (minus) throw refuse(node, "a difference of two values is not supported");
  const value a = d.map(node, 0), b = d.map(node, 1);
  if (a.dims != b.dims) {
    throw refuse(node, "adds " + text_of(a.dims) + " and " + text_of(b.dims) + ": the two sides must agree");
  }
  add_join(d, node, kind::add, a, b, d.extent(a));
}

void take_multiply(draft& d, const operation& node) {
  const std::size_t constant = constant_input(d, node);
  if (constant < 2) {
    const value v = d.map(node, 1 - constant);
    const double number = static_cast<double>(d.number(node, constant, 1.0F));
    const bool divides = node.type == "Div";
    if (divides && (constant == 0 || number == 0.0))
      throw refuse(node, "only division by a number is supported");
    return take_scale(d, node, v, divides ? 1.0 / number : number);
  }
  if (node.type == "Div") throw refuse(node, "a quotient of two values is not supported");
  const value a = d.map(node, 0), b = d.map(node, 1);
  for (const bool first : {true, false}) {
    const value& x = first ? a : b;
    const layer& gate = d.at(first ? b : a);
    if (gate.inputs.empty() || gate.inputs[0] != x.layer) continue;
    if (is(gate, "sigmoid")) return add_plain(d, node, x, "swish", x.layer);
    if (is(gate, "hard_sigmoid")) return add_plain(d, node, x, "hard_swish", x.layer);
  }
  const shape& s = d.extent(a);
  const shape& t = d.extent(b);
  const auto spread = [](const shape& over, const shape& vector) {
    return vector == shape{over.channels, 1, 1} || vector == over;
  };
  if (a.dims.size() != b.dims.size() || (!spread(s, t) && !spread(t, s))) {
    throw refuse(node, "multiplies " + text_of(a.dims) + " and " + text_of(b.dims) +
                           ": the two must agree, or one be a number for each channel");
  }
  add_join(d, node, kind::multiply, a, b, spread(s, t) ? s : t);
}

void take_concat(draft& d, const operation& node) {
  layer made;
  made.type = kind::concat;
  std::size_t rank = 0;
  for (std::size_t i = 0; i < node.inputs.size(); ++i) {
    const value& v = d.map(node, i);
    const shape& s = d.extent(v);
    if (i == 0) {
      rank = v.dims.size();
      made.out = {0, s.height, s.width};
    }
    if (v.dims.size() != rank || s.height != made.out.height || s.width != made.out.width) {
      throw refuse(node,
                   "joins " + text_of(made.out) + " and " + text_of(s) + ": height and width must agree");
    }
    if (made.out.channels > (1 << 28)) break;
    made.out.channels += s.channels;
    made.inputs.push_back(v.layer);
  }
  if (rank == 0) throw refuse(node, "joins nothing");
  if (axis(node, integer(node, "axis", 1), rank) != 1)
    throw refuse(node, "joins along another axis than the channels");
  d.add(node, std::move(made), rank);
}

}  // namespace examples::onnx
