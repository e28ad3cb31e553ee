// SPDX-License-Identifier: MIT
// The peer XNNPACK: our graph as its subgraph. Maps are channels last there too, and weights are packed once,
// when the runtime is created. It wants Clang: GCC 12 spills an accumulator of its convolutions' kernel,
// which then runs at 34 % of peak and not 95.
#include <xnnpack.h>

#include <array>
#include <cstdio>
#include <deque>
#include <flexdnn/kernels/transpose.hpp>
#include <limits>
#include <stdexcept>

#include "floats.hpp"
#include "peer.hpp"

namespace flexdnn::bench {

namespace {

void require(xnn_status status) {
  if (status != xnn_status_success) {
    throw std::runtime_error("XNNPACK refuses our graph with status " + std::to_string(status));
  }
}

/// Kernels may read that far beyond what they are given.
constexpr std::size_t beyond = XNN_EXTRA_BYTES / sizeof(float);

/// Extents of a map. Unsigned, as XNNPACK has all numbers.
std::array<std::size_t, 4> extents_of(const shape& s) {
  return {1, static_cast<std::size_t>(s.height), static_cast<std::size_t>(s.width),
          static_cast<std::size_t>(s.channels)};
}

std::uint32_t number(int value) { return static_cast<std::uint32_t>(value); }

struct limits {
  float low = -std::numeric_limits<float>::infinity(), high = std::numeric_limits<float>::infinity();

  explicit limits(bound after) {
    if (after != bound::none) low = 0.0F;
    if (after == bound::relu6) high = 6.0F;
  }
};

/// Builds a subgraph. The values of the graph's frame and result have the outside's numbers.
class xnnpack_graph {
 public:
  static constexpr std::uint32_t frame = 0, result = 1;

  explicit xnnpack_graph(const graph& g) : values_(g.values.size(), XNN_INVALID_VALUE_ID) {
    require(xnn_create_subgraph(2, 0, &subgraph_));
    const auto last = static_cast<std::size_t>(g.operations.back().output);
    values_[0] = map(g.frame(), frame, XNN_VALUE_FLAG_EXTERNAL_INPUT);
    values_[last] = map(g.result(), result, XNN_VALUE_FLAG_EXTERNAL_OUTPUT);
    for (const operation& op : g.operations) {
      std::uint32_t& out = value(op.output);
      if (out == XNN_INVALID_VALUE_ID) out = map(op.window.out);
      if (op.residual < 0) {
        add_lead(op, out, limits(op.after));
      } else {
        const std::uint32_t plain = map(op.window.out);
        add_lead(op, plain, limits(bound::none));
        const limits l(op.after);
        const xnn_binary_params clipped{l.low, l.high};
        require(xnn_define_binary(subgraph_, xnn_binary_add, &clipped, plain, value(op.residual), out,
                                  XNN_FLAG_NO_BROADCAST));
      }
    }
  }
  xnnpack_graph(const xnnpack_graph&) = delete;
  xnnpack_graph& operator=(const xnnpack_graph&) = delete;
  ~xnnpack_graph() { xnn_delete_subgraph(subgraph_); }

  /// For this thread alone.
  [[nodiscard]] xnn_runtime_t runtime() const {
    xnn_runtime_t made = nullptr;
    require(xnn_create_runtime_v2(subgraph_, nullptr, 0, &made));
    return made;
  }

 private:
  std::uint32_t& value(int of_graph) { return values_[static_cast<std::size_t>(of_graph)]; }

  std::uint32_t tensor(std::span<const std::size_t> extents, const float* data, std::uint32_t outside,
                       std::uint32_t flags) {
    std::uint32_t made = XNN_INVALID_VALUE_ID;
    require(xnn_define_tensor_value(subgraph_, xnn_datatype_fp32, extents.size(), extents.data(), data,
                                    outside, flags, &made));
    return made;
  }
  std::uint32_t map(const shape& s, std::uint32_t outside = XNN_INVALID_VALUE_ID, std::uint32_t flags = 0) {
    return tensor(extents_of(s), nullptr, outside, flags);
  }
  std::uint32_t constant(std::span<const std::size_t> extents, floats numbers) {
    numbers.resize(numbers.size() + beyond);
    constants_.push_back(std::move(numbers));
    return tensor(extents, constants_.back().data(), XNN_INVALID_VALUE_ID, 0);
  }
  std::uint32_t bias_of(const operation& op) {
    return constant(std::array{op.bias.size()}, {op.bias.begin(), op.bias.end()});
  }

  void add_lead(const operation& op, std::uint32_t out, const limits& l) {
    switch (op.kind) {
      case operation_kind::convolution:
        return op.window.depthwise() ? add_depthwise(op, out, l) : add_convolution(op, out, l);
      case operation_kind::dense:
        return add_dense(op, out, l);
      case operation_kind::max_pool:
        return add_max_pool(op, out, l);
      case operation_kind::average_pixels: {
        const std::array<std::int64_t, 2> pixels{1, 2};
        return require(xnn_define_static_reduce_v2(subgraph_, xnn_reduce_mean, pixels.size(), pixels.data(),
                                                   value(op.input), out, XNN_FLAG_KEEP_DIMS));
      }
    }
  }

  void add_convolution(const operation& op, std::uint32_t out, const limits& l) {
    const convolution& c = op.window;
    const shape kernel{c.group_inputs(), c.kernel_h, c.kernel_w};
    floats last(op.weight.size());
    for (std::size_t o = 0; o < op.weight.size(); o += kernel.size()) {
      to_channels_last(kernel, op.weight.data() + o, last.data() + o);
    }
    std::array<std::size_t, 4> extents = extents_of(kernel);
    extents[0] = op.bias.size();
    const std::uint32_t filter = constant(extents, std::move(last)), bias = bias_of(op);
    require(xnn_define_convolution_2d(
        subgraph_, number(c.padding_h), number(op.padding_right()), number(op.padding_bottom()),
        number(c.padding_w), number(c.kernel_h), number(c.kernel_w), number(c.stride_h), number(c.stride_w),
        1, 1, number(c.groups), extents[3], static_cast<std::size_t>(c.group_outputs()), l.low, l.high,
        value(op.input), filter, bias, out, 0));
  }

  void add_depthwise(const operation& op, std::uint32_t out, const limits& l) {
    const convolution& c = op.window;
    const shape kernel{c.out.channels, c.kernel_h, c.kernel_w};
    floats last(op.weight.size());
    to_channels_last(kernel, op.weight.data(), last.data());
    const std::uint32_t filter = constant(extents_of(kernel), std::move(last)), bias = bias_of(op);
    require(xnn_define_depthwise_convolution_2d(
        subgraph_, number(c.padding_h), number(op.padding_right()), number(op.padding_bottom()),
        number(c.padding_w), number(c.kernel_h), number(c.kernel_w), number(c.stride_h), number(c.stride_w),
        1, 1, number(c.group_outputs()), static_cast<std::size_t>(c.groups), l.low, l.high, value(op.input),
        filter, bias, out, 0));
  }

  void add_dense(const operation& op, std::uint32_t out, const limits& l) {
    const std::array extents{op.bias.size(), op.weight.size() / op.bias.size()};
    const std::uint32_t filter = constant(extents, {op.weight.begin(), op.weight.end()}), bias = bias_of(op);
    require(xnn_define_fully_connected(subgraph_, l.low, l.high, value(op.input), filter, bias, out, 0));
  }

  void add_max_pool(const operation& op, std::uint32_t out, const limits& l) {
    const convolution& c = op.window;
    require(xnn_define_max_pooling_2d(subgraph_, number(c.padding_h), number(op.padding_right()),
                                      number(op.padding_bottom()), number(c.padding_w), number(c.kernel_h),
                                      number(c.kernel_w), number(c.stride_h), number(c.stride_w), 1, 1, l.low,
                                      l.high, value(op.input), out, 0));
  }

  xnn_subgraph_t subgraph_ = nullptr;
  std::vector<std::uint32_t> values_;  ///< XNNPACK's number of each of the graph's values
  std::deque<floats> constants_;       ///< which must outlive subgraph and runtime
};

class xnnpack_runner : public runner {
 public:
  xnnpack_runner(const graph& g, std::span<const float> frame)
      : graph_(g),
        runtime_(graph_.runtime(), &xnn_delete_runtime),
        frame_(frame.begin(), frame.end()),
        result_(g.result().size() + beyond),
        result_size_(g.result().size()) {
    frame_.resize(frame.size() + beyond);
    const std::array<xnn_external_value, 2> outside{
        {{xnnpack_graph::frame, frame_.data()}, {xnnpack_graph::result, result_.data()}}};
    require(xnn_reshape_runtime(runtime_.get()));
    require(xnn_setup_runtime_v2(runtime_.get(), outside.size(), outside.data()));
  }

  void run() override { require(xnn_invoke_runtime(runtime_.get())); }

  std::vector<float> output() override {
    return {result_.begin(), result_.begin() + static_cast<std::ptrdiff_t>(result_size_)};
  }

 private:
  xnnpack_graph graph_;
  std::unique_ptr<xnn_runtime, xnn_status (*)(xnn_runtime_t)> runtime_;
  floats frame_, result_;
  std::size_t result_size_;
};

/// XNNPACK has no versions; it tells its kernels' sources apart by a hash.
std::string open_xnnpack(const std::string&) {
  require(xnn_initialize(nullptr));
  const auto* hash = static_cast<const unsigned char*>(xnn_experimental_get_build_identifier_data());
  std::array<char, 9> digits{};
  std::snprintf(digits.data(), digits.size(), "%02x%02x%02x%02x", hash[0], hash[1], hash[2], hash[3]);
  return std::string("XNNPACK ") + digits.data();
}

std::unique_ptr<runner> make_xnnpack(const graph& g, std::span<const float> frame) {
  return std::make_unique<xnnpack_runner>(g, frame);
}

[[maybe_unused]] const bool added = add_peer({"xnnpack", &open_xnnpack, &make_xnnpack});

}  // namespace

}  // namespace flexdnn::bench
