// SPDX-License-Identifier: MIT
// The peer MNN: our graph as an MNN model in memory, run by a session for the CPU.
#include <MNN/Interpreter.hpp>
#include <algorithm>
#include <flexdnn/kernels/transpose.hpp>
#include <stdexcept>

#include "flatbuffer.hpp"
#include "floats.hpp"
#include "peer.hpp"
#include "quickest.hpp"

namespace flexdnn::bench {

namespace {

/// Numbers of the schema of MNN's models, which only grows at the ends of its tables and lists. Its compiled
/// form is not installed.
namespace schema {

namespace net {
enum : int { operators = 3, value_names = 7 };
}
namespace op {
enum : int { inputs, table_kind, table, name, outputs, kind };
}
namespace input {
enum : int { extents };
}
namespace linear {
enum : int { window, weight, bias };
}
namespace window {
enum : int { kernel_w = 2, kernel_h, stride_w, stride_h, groups = 9, outputs, inputs, relu, relu6, padding };
}
namespace pool {
enum : int { whole_map = 2, kernel_w, kernel_h, stride_w, stride_h, average, rounded_up = 10, padding };
}
namespace binary {
enum : int { relu = 2 };
}

/// Of an operator, and of the table that it has; addition is the first binary one.
struct kind {
  int op, table;
};
constexpr kind binary_operator{7, 6}, convolution{12, 9}, depthwise{13, 9}, frame{34, 21}, pooling{47, 31},
    relu6{70, 52};

}  // namespace schema

/// A model's operators. Values have the graph's numbers; those that only MNN has come after them.
class mnn_model {
 public:
  explicit mnn_model(const graph& g) : values_(static_cast<int>(g.values.size())) {
    const shape& in = g.frame();
    add(schema::frame, {{schema::input::extents, std::vector{1, in.channels, in.height, in.width}}}, {}, 0);
    for (const operation& op : g.operations) add(op);
  }

  [[nodiscard]] flatbuffer bytes() const {
    std::vector<std::string> names;
    for (int v = 0; v < values_; ++v) names.push_back("v" + std::to_string(v));
    return flatbuffer({{schema::net::operators, operators_}, {schema::net::value_names, names}});
  }

 private:
  void add(schema::kind k, const flat_table& table, const std::vector<int>& inputs, int output) {
    using namespace schema::op;
    operators_.push_back({{schema::op::inputs, inputs},
                          {table_kind, k.table},
                          {schema::op::table, table},
                          {name, "o" + std::to_string(output)},
                          {outputs, std::vector{output}},
                          {kind, k.op}});
  }

  void add(const operation& op) {
    if (op.residual < 0) return add_lead(op, op.output, op.after);
    const int plain = values_++, sum = op.after == bound::relu6 ? values_++ : op.output;
    add_lead(op, plain, bound::none);
    add(schema::binary_operator, {{schema::binary::relu, op.after == bound::relu ? 1 : 0}},
        {plain, op.residual}, sum);
    if (op.after == bound::relu6) add(schema::relu6, {}, {sum}, op.output);
  }

  void add_lead(const operation& op, int output, bound after) {
    const bool pools = op.kind == operation_kind::max_pool || op.kind == operation_kind::average_pixels;
    if (pools) return add(schema::pooling, pool_of(op), {op.input}, output);
    add(op.window.depthwise() && op.kind == operation_kind::convolution ? schema::depthwise
                                                                        : schema::convolution,
        {{schema::linear::window, window_of(op, after)},
         {schema::linear::weight, std::span<const float>(op.weight)},
         {schema::linear::bias, std::span<const float>(op.bias)}},
        {op.input}, output);
  }

  /// Of a dense layer too, which MNN's own converter makes a convolution.
  static flat_table window_of(const operation& op, bound after) {
    using namespace schema::window;
    const convolution& c = op.window;
    return {{kernel_w, c.kernel_w},
            {kernel_h, c.kernel_h},
            {stride_w, c.stride_w},
            {stride_h, c.stride_h},
            {groups, c.groups},
            {outputs, c.out.channels},
            {inputs, c.in.channels},
            {relu, after == bound::relu ? 1 : 0},
            {relu6, after == bound::relu6 ? 1 : 0},
            {padding, padding_of(op)}};
  }

  static flat_table pool_of(const operation& op) {
    using namespace schema::pool;
    if (op.kind == operation_kind::average_pixels) return {{whole_map, 1}, {average, 1}};
    const convolution& c = op.window;
    return {{kernel_w, c.kernel_w}, {kernel_h, c.kernel_h}, {stride_w, c.stride_w},
            {stride_h, c.stride_h}, {rounded_up, 0},        {padding, padding_of(op)}};
  }

  static std::vector<int> padding_of(const operation& op) {
    return {op.window.padding_h, op.window.padding_w, op.padding_bottom(), op.padding_right()};
  }

  std::vector<flat_table> operators_;
  int values_;
};

/// On the CPU, in 32 bits.
MNN::ScheduleConfig one_thread() {
  static MNN::BackendConfig exact;
  exact.precision = MNN::BackendConfig::Precision_High;
  MNN::ScheduleConfig config;
  config.numThread = 1;
  config.backendConfig = &exact;
  return config;
}

class mnn_runner : public runner {
 public:
  mnn_runner(const graph& g, std::span<const float> frame, int winograd) : result_(g.result()) {
    const flatbuffer model = mnn_model(g).bytes();
    net_.reset(MNN::Interpreter::createFromBuffer(model.words().data(), model.words().size_bytes()));
    if (net_ != nullptr) {
      net_->setSessionHint(MNN::Interpreter::WINOGRAD_MEMORY_LEVEL, winograd);
      session_ = net_->createSession(one_thread());
    }
    if (session_ == nullptr) throw std::runtime_error("MNN cannot read the model that was written for it");
    run();  // which allocates, once
    MNN::Tensor* in = net_->getSessionInput(session_, nullptr);
    MNN::Tensor plain(in, MNN::Tensor::CAFFE);
    to_channels_first(g.frame(), frame.data(), plain.host<float>());
    // The session lets later maps overwrite its frame; ours, in blocks of at most 16 channels, stays.
    constexpr int block = 16;
    frame_.resize(static_cast<std::size_t>((g.frame().channels + block - 1) / block * block) *
                  static_cast<std::size_t>(g.frame().pixels()));
    in->buffer().host = reinterpret_cast<std::uint8_t*>(frame_.data());
    if (!in->copyFromHostTensor(&plain)) throw std::runtime_error("MNN cannot read its frame");
  }

  void run() override {
    if (net_->runSession(session_) != MNN::NO_ERROR) {
      throw std::runtime_error("MNN cannot run the model that was written for it");
    }
  }

  std::vector<float> output() override {
    MNN::Tensor* out = net_->getSessionOutput(session_, nullptr);
    MNN::Tensor plain(out, MNN::Tensor::CAFFE);
    if (!out->copyToHostTensor(&plain)) throw std::runtime_error("MNN cannot give its result");
    std::vector<float> last(result_.size());
    to_channels_last(result_, plain.host<float>(), last.data());
    return last;
  }

 private:
  std::unique_ptr<MNN::Interpreter, void (*)(MNN::Interpreter*)> net_{nullptr, &MNN::Interpreter::destroy};
  MNN::Session* session_ = nullptr;  ///< the interpreter's
  floats frame_;
  shape result_;
};

std::string open_mnn(const std::string&) {
  MNN::Interpreter::createRuntime({one_thread()});  // prints what the processor has: not amid the table
  return std::string("MNN ") + MNN::getVersion();
}

/// Winograd on tiles of up to 6 (level 3), of 2 (1) or not at all (0): level 3 is MNN's choice, and
/// takes 1.15 times as long as the others on VGG-16 for maps of 32.
std::unique_ptr<runner> make_mnn(const graph& g, std::span<const float> frame) {
  return quickest({3, 1, 0}, [&](int winograd) { return std::make_unique<mnn_runner>(g, frame, winograd); });
}

/// F(6,3) interpolates at 0, +-1, +-2 and +-3, whose powers cost digits: 1.8e-4 on 128 x 28 x 28; without
/// Winograd 3e-6 at most.
constexpr double mnn_error = 5e-4;

[[maybe_unused]] const bool added = add_peer({"mnn", &open_mnn, &make_mnn, mnn_error});

}  // namespace

}  // namespace flexdnn::bench
