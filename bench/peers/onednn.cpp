// SPDX-License-Identifier: MIT
// The peer oneDNN (2.x): each primitive picks its blocked layouts, sums and activations run inside it.
#include <dlfcn.h>
#include <dnnl.hpp>
#include <unordered_map>
#include <utility>

#include "peer.hpp"

namespace flexdnn::bench {

namespace {

using dnnl::memory;
using arguments = std::unordered_map<int, memory>;
constexpr auto inference = dnnl::prop_kind::forward_inference;
constexpr auto f32 = memory::data_type::f32;

memory::desc any(const memory::dims& extents) { return {extents, f32, memory::format_tag::any}; }

/// {1, C, H, W}; oneDNN's order of extents is the same whatever the layout is.
memory::dims extents_of(const shape& s) { return {1, s.channels, s.height, s.width}; }

dnnl::primitive_attr epilogue(const operation& op) {
  dnnl::post_ops after;
  if (op.residual >= 0) after.append_sum(1.0F);
  if (op.after == bound::relu) after.append_eltwise(1.0F, dnnl::algorithm::eltwise_relu, 0.0F, 0.0F);
  if (op.after == bound::relu6) after.append_eltwise(1.0F, dnnl::algorithm::eltwise_clip, 0.0F, 6.0F);
  dnnl::primitive_attr attributes;
  attributes.set_post_ops(after);
  return attributes;
}

class onednn_runner : public runner {
 public:
  onednn_runner(const graph& g, std::span<const float> frame)
      : values_(g.values.size()), result_(g.result()) {
    values_[0] = filled({extents_of(g.frame()), f32, memory::format_tag::nhwc}, frame);
    last_use_.resize(g.values.size());
    for (std::size_t i = 0; i < g.operations.size(); ++i) {
      for (const int v : {g.operations[i].input, g.operations[i].residual}) {
        if (v >= 0) last_use_[static_cast<std::size_t>(v)] = i;
      }
    }
    for (std::size_t i = 0; i < g.operations.size(); ++i) add(g.operations[i], i);
    stream_.wait();
  }

  void run() override {
    for (const auto& [primitive, what] : calls_) primitive.execute(stream_, what);
    stream_.wait();
  }

  std::vector<float> output() override {
    memory plain({extents_of(result_), f32, memory::format_tag::nhwc}, engine_);
    memory blocked = values_.back();
    if (blocked.get_desc().dims().size() == 2) {  // of an inner product
      blocked = memory(blocked.get_desc().reshape(extents_of(result_)), engine_, blocked.get_data_handle());
    }
    dnnl::reorder(blocked, plain).execute(stream_, blocked, plain);
    stream_.wait();
    const float* first = static_cast<const float*>(plain.get_data_handle());
    return {first, first + result_.size()};
  }

 private:
  memory filled(const memory::desc& plain, std::span<const float> numbers) {
    memory m(plain, engine_);
    std::ranges::copy(numbers, static_cast<float*>(m.get_data_handle()));
    return m;
  }

  /// The memory itself where it has the wanted layout. Else a copy, made now (weights, the frame) or, where
  /// the numbers are known only then, in every run.
  memory in_layout(memory have, const memory::desc& wanted, bool constant) {
    if (have.get_desc() == wanted) return have;
    memory copy(wanted, engine_);
    dnnl::reorder convert(have, copy);
    if (constant) {
      convert.execute(stream_, have, copy);
      stream_.wait();
    } else {
      calls_.emplace_back(convert, arguments{{DNNL_ARG_FROM, have}, {DNNL_ARG_TO, copy}});
    }
    return copy;
  }

  memory& value(int number) { return values_[static_cast<std::size_t>(number)]; }

  /// Where the operation writes: over its residual, which the sum is added to, and which nobody may want
  /// afterwards.
  memory destination(const operation& op, std::size_t index, const memory::desc& wanted) {
    if (op.residual < 0) return memory(wanted, engine_);
    const bool dies = op.residual > 0 && op.residual != op.input &&
                      last_use_[static_cast<std::size_t>(op.residual)] == index;
    memory& residual = value(op.residual);
    if (dies) return in_layout(residual, wanted, false);
    memory copy(wanted, engine_);
    calls_.emplace_back(dnnl::reorder(residual, copy),
                        arguments{{DNNL_ARG_FROM, residual}, {DNNL_ARG_TO, copy}});
    return copy;
  }

  void add(const operation& op, std::size_t index) {
    switch (op.kind) {
      case operation_kind::convolution:
        return add_convolution(op, index);
      case operation_kind::dense:
        return add_dense(op, index);
      case operation_kind::max_pool:
      case operation_kind::average_pixels:
        return add_pool(op);
    }
  }

  void add_convolution(const operation& op, std::size_t index) {
    const convolution& c = op.window;
    const bool grouped = c.groups > 1;
    memory::dims weight{c.out.channels, c.group_inputs(), c.kernel_h, c.kernel_w};
    if (grouped) weight = {c.groups, c.group_outputs(), c.group_inputs(), c.kernel_h, c.kernel_w};
    const dnnl::convolution_forward::desc wish(
        inference, dnnl::algorithm::convolution_auto, any(extents_of(c.in)), any(weight), bias_of(op),
        any(extents_of(c.out)), {c.stride_h, c.stride_w}, {c.padding_h, c.padding_w},
        {op.padding_bottom(), op.padding_right()});
    const dnnl::convolution_forward::primitive_desc chosen(wish, epilogue(op), engine_);
    const auto tag = grouped ? memory::format_tag::goihw : memory::format_tag::oihw;
    add_linear<dnnl::convolution_forward>(op, index, chosen, {weight, f32, tag});
  }

  void add_dense(const operation& op, std::size_t index) {
    memory::dims in = value(op.input).get_desc().dims(), weight = in;
    weight[0] = op.window.out.channels;
    const dnnl::inner_product_forward::desc wish(inference, any(in), any(weight), bias_of(op),
                                                 any({1, op.window.out.channels}));
    const dnnl::inner_product_forward::primitive_desc chosen(wish, epilogue(op), engine_);
    const auto tag = in.size() == 2 ? memory::format_tag::oi : memory::format_tag::oihw;
    add_linear<dnnl::inner_product_forward>(op, index, chosen, {weight, f32, tag});
  }

  static memory::desc bias_of(const operation& op) {
    return {{op.window.out.channels}, f32, memory::format_tag::x};
  }

  template <class Primitive>
  void add_linear(const operation& op, std::size_t index, const typename Primitive::primitive_desc& chosen,
                  const memory::desc& plain_weights) {
    const memory in = in_layout(value(op.input), chosen.src_desc(), op.input == 0);
    const memory weights = in_layout(filled(plain_weights, op.weight), chosen.weights_desc(), true);
    const memory out = destination(op, index, chosen.dst_desc());
    calls_.emplace_back(Primitive(chosen), arguments{{DNNL_ARG_SRC, in},
                                                     {DNNL_ARG_WEIGHTS, weights},
                                                     {DNNL_ARG_BIAS, filled(bias_of(op), op.bias)},
                                                     {DNNL_ARG_DST, out}});
    value(op.output) = out;
  }

  void add_pool(const operation& op) {
    const convolution& c = op.window;
    const bool whole = op.kind == operation_kind::average_pixels;
    const memory::dims kernel =
        whole ? memory::dims{c.in.height, c.in.width} : memory::dims{c.kernel_h, c.kernel_w};
    const memory::dims below =
        whole ? memory::dims{0, 0} : memory::dims{op.padding_bottom(), op.padding_right()};
    const memory in = value(op.input);
    const dnnl::pooling_forward::desc wish(
        inference, whole ? dnnl::algorithm::pooling_avg_exclude_padding : dnnl::algorithm::pooling_max,
        in.get_desc(), any(extents_of(c.out)), {c.stride_h, c.stride_w}, kernel, {c.padding_h, c.padding_w},
        below);
    const dnnl::pooling_forward::primitive_desc chosen(wish, engine_);
    value(op.output) = memory(chosen.dst_desc(), engine_);
    calls_.emplace_back(dnnl::pooling_forward(chosen),
                        arguments{{DNNL_ARG_SRC, in}, {DNNL_ARG_DST, value(op.output)}});
  }

  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  std::vector<std::pair<dnnl::primitive, arguments>> calls_;
  std::vector<memory> values_;
  std::vector<std::size_t> last_use_;  ///< operation that reads a value last
  shape result_;
};

std::string open_onednn(const std::string&) {
  // Whatever OpenMP the library brought: ours may be compiled with another, or none.
  if (void* found = dlsym(RTLD_DEFAULT, "omp_set_num_threads"); found != nullptr) {
    reinterpret_cast<void (*)(int)>(found)(1);
  }
  const dnnl_version_t& v = *dnnl_version();
  return "oneDNN " + std::to_string(v.major) + "." + std::to_string(v.minor) + "." + std::to_string(v.patch);
}

std::unique_ptr<runner> make_onednn(const graph& g, std::span<const float> frame) {
  return std::make_unique<onednn_runner>(g, frame);
}

[[maybe_unused]] const bool added = add_peer({"onednn", &open_onednn, &make_onednn});

}  // namespace

}  // namespace flexdnn::bench
