// SPDX-License-Identifier: MIT
// Runs libonnx's inference on a copy of the graph that holds no weights, only nodes that were understood:
// damaged files reach it no more.
#include "infer_shapes.hpp"

#include <onnx/onnx_pb.h>
#include <onnx/shape_inference/implementation.h>

#include <exception>

namespace examples::onnx {

namespace {

using tensor_proto = ::onnx::TensorProto;

void declare(::onnx::ValueInfoProto& info, const std::string& name, const extents& dims, bool integers) {
  info.set_name(name);
  auto& type = *info.mutable_type()->mutable_tensor_type();
  type.set_elem_type(integers ? tensor_proto::INT64 : tensor_proto::FLOAT);
  auto& shape = *type.mutable_shape();  // there also where it has no extents: a scalar
  for (const std::int64_t e : dims) shape.add_dim()->set_dim_value(e);
}

void copy_attribute(const std::string& name, const attribute& from, ::onnx::NodeProto& node) {
  auto& to = *node.add_attribute();
  to.set_name(name);
  switch (from.type) {
    case attribute::kind::integer:
      to.set_type(::onnx::AttributeProto::INT);
      to.set_i(from.integer);
      break;
    case attribute::kind::real:
      to.set_type(::onnx::AttributeProto::FLOAT);
      to.set_f(from.real);
      break;
    case attribute::kind::text:
      to.set_type(::onnx::AttributeProto::STRING);
      to.set_s(from.text);
      break;
    case attribute::kind::integers:
      to.set_type(::onnx::AttributeProto::INTS);
      for (const std::int64_t i : from.integers) to.add_ints(i);
      break;
    default:
      node.mutable_attribute()->RemoveLast();
  }
}

/// Weights are declared by their extents; the integers that reshape are there in full.
void copy_constant(const std::string& name, const tensor& t, ::onnx::GraphProto& graph) {
  if (t.type != tensor::kind::integer) return declare(*graph.add_input(), name, t.shape, false);
  auto& to = *graph.add_initializer();
  to.set_name(name);
  to.set_data_type(tensor_proto::INT64);
  for (const std::int64_t e : t.shape) to.add_dims(e);
  for (const std::int64_t i : t.integers) to.add_int64_data(i);
}

::onnx::ModelProto skeleton(const draft& d) {
  ::onnx::ModelProto model;
  model.set_ir_version(7);
  model.add_opset_import()->set_version(d.source.opset);
  ::onnx::GraphProto& graph = *model.mutable_graph();
  declare(*graph.add_input(), d.source.input, d.source.input_shape, false);
  std::map<std::string, bool, std::less<>> declared;
  for (const operation& node : d.source.operations) {
    if (!d.values.contains(node.outputs[0])) continue;  // folded
    auto& to = *graph.add_node();
    to.set_op_type(node.type == "Cast" ? "Identity" : node.type);
    for (const std::string& name : node.inputs) {
      to.add_input(name);
      const auto constant = d.constants.find(name);
      if (constant != d.constants.end() && !declared[name]) copy_constant(name, constant->second, graph);
      declared[name] = true;
    }
    to.add_output(node.outputs[0]);
    if (node.type == "Cast") continue;
    for (const auto& [name, a] : node.attributes) copy_attribute(name, a, to);
  }
  return model;
}

void compare(const operation& node, const extents& ours, const extents& theirs, const char* who) {
  if (ours == theirs) return;
  throw refuse(node, "output " + quote(node.outputs[0]) + ": got extents " + text_of(ours) + ", wanted " +
                         text_of(theirs) + " (" + who + ")");
}

}  // namespace

void check_shapes(const draft& d) {
  ::onnx::ModelProto model = skeleton(d);
  try {
    ::onnx::shape_inference::InferShapes(model);
  } catch (const std::exception& why) {
    throw refusal("ONNX's shape inference refuses the graph: " + quote(why.what()));
  }
  std::map<std::string, extents, std::less<>> inferred;
  for (const auto& info : model.graph().value_info()) {
    extents& dims = inferred[info.name()];
    for (const auto& e : info.type().tensor_type().shape().dim())
      dims.push_back(e.has_dim_value() ? e.dim_value() : -1);
  }
  for (const operation& node : d.source.operations) {
    const auto ours = d.values.find(node.outputs[0]);
    if (ours == d.values.end()) continue;
    const auto theirs = inferred.find(node.outputs[0]);
    if (theirs == inferred.end()) throw refuse(node, "ONNX's shape inference says nothing of its output");
    compare(node, ours->second.dims, theirs->second, "ONNX's inference");
    const auto told = d.source.told.find(node.outputs[0]);
    if (told != d.source.told.end()) compare(node, ours->second.dims, told->second, "as the file says");
    if (node.outputs[0] == d.source.output && !d.source.output_shape.empty()) {
      compare(node, ours->second.dims, d.source.output_shape, "as the file says");
    }
  }
}

}  // namespace examples::onnx
