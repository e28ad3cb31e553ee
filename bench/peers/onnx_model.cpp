// SPDX-License-Identifier: MIT
// onnx_model: one or more nodes for each operation; what reads it fuses sums and activations itself.
#include "onnx_model.hpp"

#include <onnx/onnx_pb.h>

#include <algorithm>
#include <array>
#include <initializer_list>
#include <span>

namespace flexdnn::bench {

namespace {

using integers = std::initializer_list<int>;

class onnx_writer {
 public:
  explicit onnx_writer(const graph& g) {
    model_.set_ir_version(7);
    model_.add_opset_import()->set_version(13);
    graph_->set_name("workload");
    const shape &in = g.frame(), &out = g.result();
    describe(*graph_->add_input(), "v0", {1, in.channels, in.height, in.width});
    const bool vector = g.operations.back().kind == operation_kind::dense;
    describe(*graph_->add_output(), "result",
             vector ? integers{1, out.channels} : integers{1, out.channels, out.height, out.width});
    if (std::ranges::count(g.operations, bound::relu6, &operation::after) > 0) {
      add_tensor("zero", {}, std::array{0.0F});
      add_tensor("six", {}, std::array{6.0F});
    }
    for (const operation& op : g.operations) add(op);
    add_node("Identity", {name(g.operations.back().output)}, "result");
  }

  [[nodiscard]] std::string bytes() const { return model_.SerializeAsString(); }

 private:
  static std::string name(int value) { return "v" + std::to_string(value); }

  static void describe(onnx::ValueInfoProto& value, const std::string& named, integers extents) {
    value.set_name(named);
    auto* tensor = value.mutable_type()->mutable_tensor_type();
    tensor->set_elem_type(onnx::TensorProto::FLOAT);
    for (const int extent : extents) tensor->mutable_shape()->add_dim()->set_dim_value(extent);
  }

  std::string add_tensor(const std::string& named, integers extents, std::span<const float> numbers) {
    onnx::TensorProto& tensor = *graph_->add_initializer();
    tensor.set_name(named);
    tensor.set_data_type(onnx::TensorProto::FLOAT);
    for (const int extent : extents) tensor.add_dims(extent);
    tensor.set_raw_data(numbers.data(), numbers.size_bytes());
    return named;
  }

  onnx::NodeProto& add_node(const char* type, std::initializer_list<std::string> inputs,
                            const std::string& output) {
    onnx::NodeProto& node = *graph_->add_node();
    node.set_op_type(type);
    node.set_name(output);
    for (const std::string& input : inputs) node.add_input(input);
    node.add_output(output);
    return node;
  }

  static void set(onnx::NodeProto& node, const char* named, integers values) {
    onnx::AttributeProto& attribute = *node.add_attribute();
    attribute.set_name(named);
    attribute.set_type(onnx::AttributeProto::INTS);
    for (const int value : values) attribute.add_ints(value);
  }

  static void set(onnx::NodeProto& node, const char* named, int value) {
    onnx::AttributeProto& attribute = *node.add_attribute();
    attribute.set_name(named);
    attribute.set_type(onnx::AttributeProto::INT);
    attribute.set_i(value);
  }

  static void set_window(onnx::NodeProto& node, const operation& op) {
    const convolution& c = op.window;
    set(node, "kernel_shape", {c.kernel_h, c.kernel_w});
    set(node, "strides", {c.stride_h, c.stride_w});
    set(node, "pads", {c.padding_h, c.padding_w, op.padding_bottom(), op.padding_right()});
  }

  void add(const operation& op) {
    const std::string out = name(op.output);
    std::string last = op.residual < 0 && op.after == bound::none ? out : out + "_plain";
    add_lead(op, last);
    if (op.residual >= 0) {
      const std::string sum = op.after == bound::none ? out : out + "_sum";
      add_node("Add", {last, name(op.residual)}, sum);
      last = sum;
    }
    if (op.after == bound::relu) add_node("Relu", {last}, out);
    if (op.after == bound::relu6) add_node("Clip", {last, "zero", "six"}, out);
  }

  void add_lead(const operation& op, const std::string& out) {
    const convolution& c = op.window;
    const std::string in = name(op.input);
    switch (op.kind) {
      case operation_kind::max_pool:
        return set_window(add_node("MaxPool", {in}, out), op);
      case operation_kind::average_pixels:
        add_node("GlobalAveragePool", {in}, out);
        return;
      case operation_kind::dense: {
        const std::string flat = add_node("Flatten", {in}, out + "_flat").output(0);
        const std::string weight = add_tensor(out + "_weight", {c.out.channels, c.in.channels}, op.weight);
        set(add_node("Gemm", {flat, weight, add_bias(op, out)}, out), "transB", 1);
        return;
      }
      case operation_kind::convolution: {
        const std::string weight = add_tensor(
            out + "_weight", {c.out.channels, c.group_inputs(), c.kernel_h, c.kernel_w}, op.weight);
        onnx::NodeProto& node = add_node("Conv", {in, weight, add_bias(op, out)}, out);
        set_window(node, op);
        set(node, "group", c.groups);
      }
    }
  }

  std::string add_bias(const operation& op, const std::string& out) {
    return add_tensor(out + "_bias", {op.window.out.channels}, op.bias);
  }

  onnx::ModelProto model_;
  onnx::GraphProto* graph_ = model_.mutable_graph();
};

}  // namespace

std::string onnx_model(const graph& g) { return onnx_writer(g).bytes(); }

}  // namespace flexdnn::bench
