// SPDX-License-Identifier: MIT
// Reads protobuf into a graph, and drops the nodes that the output does not need.
#include "read_model.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include "read_tensor.hpp"

namespace examples::onnx {

namespace {

attribute read_attribute(const ::onnx::AttributeProto& from) {
  using proto = ::onnx::AttributeProto;
  attribute a;
  switch (from.type()) {
    case proto::INT:
      a.type = attribute::kind::integer;
      a.integer = from.i();
      break;
    case proto::FLOAT:
      a.type = attribute::kind::real;
      a.real = from.f();
      break;
    case proto::STRING:
      a.type = attribute::kind::text;
      a.text = from.s();
      break;
    case proto::INTS:
      a.type = attribute::kind::integers;
      a.integers.assign(from.ints().begin(), from.ints().end());
      break;
    case proto::FLOATS:
      a.type = attribute::kind::reals;
      a.reals.assign(from.floats().begin(), from.floats().end());
      break;
    case proto::TENSOR:
      a.type = attribute::kind::constant;
      a.constant = read_tensor(from.t());
      break;
    default:
      break;
  }
  return a;
}

operation read_operation(const ::onnx::NodeProto& from) {
  operation node;
  node.name = from.name();
  node.type = from.op_type();
  node.domain = from.domain();
  node.inputs.assign(from.input().begin(), from.input().end());
  node.outputs.assign(from.output().begin(), from.output().end());
  if (node.outputs.empty()) throw refuse(node, "has no output");
  if (node.name.empty()) node.name = node.outputs.front();
  for (const auto& a : from.attribute()) {
    try {
      node.attributes[a.name()] = read_attribute(a);
    } catch (const refusal& why) {
      throw refuse(node, "attribute " + quote(a.name()) + ": " + why.what());
    }
  }
  return node;
}

/// Extents where the file gives them all; the first may be dynamic and is then 1. Empty otherwise.
extents read_extents(const ::onnx::ValueInfoProto& value) {
  extents found;
  for (const auto& d : value.type().tensor_type().shape().dim()) {
    const bool batch = found.empty();
    if (d.has_dim_value() && d.dim_value() > 0) {
      found.push_back(d.dim_value());
    } else if (batch) {
      found.push_back(1);
    } else {
      return {};
    }
  }
  return found;
}

void read_input(const ::onnx::ValueInfoProto& value, graph& g) {
  using proto = ::onnx::TensorProto;
  const auto& type = value.type().tensor_type();
  g.input = value.name();
  const std::string which = "input " + quote(g.input);
  if (type.elem_type() != proto::FLOAT && type.elem_type() != proto::FLOAT16) {
    throw refusal(which + ": got " + name_of_type(type.elem_type()) + " elements, FLOAT is wanted");
  }
  if (type.shape().dim_size() != 4) {
    throw refusal(which + ": got " + std::to_string(type.shape().dim_size()) +
                  " extents, 4 are wanted: batch, channels, height, width");
  }
  for (int i = 1; i < 4; ++i) {
    const auto& d = type.shape().dim(i);
    if (d.has_dim_value() && d.dim_value() > 0) continue;
    const std::string told = d.dim_param().empty() ? "not told" : "dynamic (" + quote(d.dim_param()) + ")";
    throw refusal(which + ": extent " + std::to_string(i) + " is " + told +
                  ": export the model for one size; only the batch may be dynamic, and is taken as 1");
  }
  g.input_shape = read_extents(value);
  if (g.input_shape.front() != 1) {
    throw refusal(which + ": got batch " + std::to_string(g.input_shape.front()) +
                  ", 1 or a dynamic one is wanted");
  }
}

std::int64_t read_opset(const ::onnx::ModelProto& model) {
  for (const auto& set : model.opset_import()) {
    if (!set.domain().empty() && set.domain() != "ai.onnx") continue;
    if (set.version() < 7 || set.version() > 18) {
      throw refusal("opset " + std::to_string(set.version()) + " is not supported: 7 to 18 are");
    }
    return set.version();
  }
  throw refusal("the model names no opset: it is not an ONNX model, or a damaged one");
}

/// Whatever a node reads must have been given before it; then only what the output needs is kept.
void keep_needed(graph& g) {
  std::set<std::string, std::less<>> given{g.input, ""}, later;
  for (const auto& [name, ignored] : g.constants) given.insert(name);
  for (const operation& node : g.operations) later.insert(node.outputs.begin(), node.outputs.end());
  for (const operation& node : g.operations) {
    for (const std::string& name : node.inputs) {
      if (given.contains(name)) continue;
      throw refuse(node,
                   later.contains(name)
                       ? "reads " + quote(name) +
                             ", which it or a later node gives: a cycle, or nodes out "
                             "of order"
                       : "reads " + quote(name) + ", which is no initializer, no input and no node's output");
    }
    for (const std::string& name : node.outputs) {
      if (!name.empty() && !given.insert(name).second)
        throw refuse(node, "gives " + quote(name) + " a second time");
    }
  }
  if (!given.contains(g.output)) throw refusal("output " + quote(g.output) + ": no node gives it");
  std::set<std::string, std::less<>> needed{g.output};
  std::vector<operation> kept;
  for (auto node = g.operations.rbegin(); node != g.operations.rend(); ++node) {
    bool used = false;
    for (const std::string& name : node->outputs) used = used || (!name.empty() && needed.contains(name));
    if (!used) continue;
    needed.insert(node->inputs.begin(), node->inputs.end());
    kept.push_back(std::move(*node));
  }
  std::reverse(kept.begin(), kept.end());
  g.unused = g.operations.size() - kept.size();
  g.operations = std::move(kept);
}

}  // namespace

graph read_model(std::span<const std::byte> bytes) {
  ::onnx::ModelProto model;
  if (bytes.size() > static_cast<std::size_t>(std::numeric_limits<int>::max()) ||
      !model.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    throw refusal("this is not an ONNX model: its bytes are not the protobuf of one, or it is truncated");
  }
  if (!model.has_graph()) throw refusal("this is not an ONNX model: it holds no graph");
  const ::onnx::GraphProto& from = model.graph();
  graph g;
  g.producer =
      model.producer_name() + (model.producer_version().empty() ? "" : " " + model.producer_version());
  g.opset = read_opset(model);
  if (from.sparse_initializer_size() > 0) throw refusal("sparse initializers are not supported");
  for (const auto& t : from.initializer()) {
    try {
      g.constants[t.name()] = read_tensor(t);
    } catch (const refusal& why) {
      throw refusal("initializer " + quote(t.name()) + ": " + why.what());
    }
  }
  const ::onnx::ValueInfoProto* input = nullptr;
  int inputs = 0;
  for (const auto& value : from.input()) {
    if (g.constants.contains(value.name())) continue;  // before IR version 4 initializers were inputs too
    input = &value;
    ++inputs;
  }
  if (inputs != 1) throw refusal("the graph has " + std::to_string(inputs) + " inputs, 1 is wanted");
  if (from.output_size() != 1) {
    throw refusal("the graph has " + std::to_string(from.output_size()) + " outputs, 1 is wanted");
  }
  read_input(*input, g);
  g.output = from.output(0).name();
  g.output_shape = read_extents(from.output(0));
  for (const auto& value : from.value_info()) {
    if (extents e = read_extents(value); !e.empty()) g.told[value.name()] = std::move(e);
  }
  for (const auto& node : from.node()) g.operations.push_back(read_operation(node));
  keep_needed(g);
  return g;
}

}  // namespace examples::onnx
