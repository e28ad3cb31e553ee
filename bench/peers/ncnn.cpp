// SPDX-License-Identifier: MIT
// The peer ncnn: our graph as the text and the weights of an ncnn model, both in memory.
#include <net.h>

#include <algorithm>
#include <flexdnn/kernels/transpose.hpp>
#include <map>
#include <stdexcept>

#include "floats.hpp"
#include "peer.hpp"
#include "quickest.hpp"

namespace flexdnn::bench {

namespace {

/// A model's text and its numbers. Layers are lines of type, name, counts of inputs and outputs, their names
/// and numbered parameters. A value has one reader: where there are more, a Split stands before them.
class ncnn_model {
 public:
  explicit ncnn_model(const graph& g) {
    for (const operation& op : g.operations) {
      ++readers_[op.input];
      if (op.residual >= 0) ++readers_[op.residual];
    }
    add_line("Input", "v0", {}, "v0", "");
    split(0);
    for (const operation& op : g.operations) {
      add(op);
      split(op.output);
    }
    result = name(g.operations.back().output);
  }

  [[nodiscard]] std::string text() const {
    return "7767517\n" + std::to_string(layers_) + " " + std::to_string(blobs_) + "\n" + lines_;
  }

  std::vector<float> numbers;
  std::string result;

 private:
  static std::string name(int value) { return "v" + std::to_string(value); }
  static std::string parameter(int number, int value) {
    return " " + std::to_string(number) + "=" + std::to_string(value);
  }

  void add_line(const std::string& type, const std::string& named, const std::vector<std::string>& inputs,
                const std::string& outputs, const std::string& parameters, int output_count = 1) {
    lines_ += type + " " + named + " " + std::to_string(inputs.size()) + " " + std::to_string(output_count);
    for (const std::string& input : inputs) lines_ += " " + input;
    lines_ += " " + outputs + parameters + "\n";
    ++layers_;
    blobs_ += output_count;
  }

  void split(int value) {
    const int count = readers_[value];
    if (count < 2) return;
    std::string copies;
    for (int i = 0; i < count; ++i) copies += (i > 0 ? " " : "") + name(value) + "_" + std::to_string(i);
    add_line("Split", name(value) + "_split", {name(value)}, copies, "", count);
  }

  /// The value as its next reader names it.
  std::string read(int value) {
    return readers_[value] < 2 ? name(value) : name(value) + "_" + std::to_string(taken_[value]++);
  }

  void add(const operation& op) {
    const std::string out = name(op.output), in = read(op.input);
    if (op.residual < 0) return add_lead(op, in, out, op.after);
    add_lead(op, in, out + "_plain", bound::none);
    const std::string sum = op.after == bound::none ? out : out + "_sum";
    add_line("BinaryOp", sum, {out + "_plain", read(op.residual)}, sum, "");
    if (op.after == bound::relu) add_line("ReLU", out, {sum}, out, "");
    if (op.after == bound::relu6) add_line("Clip", out, {sum}, out, " 0=0.0 1=6.0");
  }

  void add_lead(const operation& op, const std::string& in, const std::string& out, bound after) {
    const convolution& c = op.window;
    const auto window = [&](int stride_at, int padding_at, int first) {
      return parameter(1, c.kernel_w) + parameter(11, c.kernel_h) + parameter(stride_at, c.stride_w) +
             parameter(stride_at + 10, c.stride_h) + parameter(padding_at, c.padding_w) +
             parameter(first, c.padding_h) + parameter(first + 1, op.padding_right()) +
             parameter(first + 2, op.padding_bottom());
    };
    std::string activation;
    if (after == bound::relu) activation = " 9=1";
    if (after == bound::relu6) activation = " 9=3 -23310=2,0.0,6.0";
    const std::string outputs = parameter(0, c.out.channels);
    const auto weights = static_cast<int>(op.weight.size());
    switch (op.kind) {
      case operation_kind::max_pool:
        return add_line("Pooling", out, {in}, out, " 0=0 5=1" + window(2, 3, 13));
      case operation_kind::average_pixels:
        return add_line("Pooling", out, {in}, out, " 0=1 4=1");
      case operation_kind::dense:
        add_line("InnerProduct", out, {in}, out, outputs + " 1=1" + parameter(2, weights) + activation);
        break;
      case operation_kind::convolution: {
        const bool grouped = c.groups > 1;
        add_line(grouped ? "ConvolutionDepthWise" : "Convolution", out, {in}, out,
                 outputs + " 5=1" + parameter(6, weights) + window(3, 4, 14) +
                     (grouped ? parameter(7, c.groups) : "") + activation);
      }
    }
    numbers.push_back(0.0F);  // the weights that follow are floats
    numbers.insert(numbers.end(), op.weight.begin(), op.weight.end());
    numbers.insert(numbers.end(), op.bias.begin(), op.bias.end());
  }

  std::string lines_;
  int layers_ = 0, blobs_ = 0;
  std::map<int, int> readers_, taken_;
};

class ncnn_runner : public runner {
 public:
  ncnn_runner(const graph& g, std::span<const float> frame, bool winograd)
      : model_(g), in_(g.frame().width, g.frame().height, g.frame().channels), result_(g.result()) {
    net_.opt.num_threads = 1;
    net_.opt.use_winograd_convolution = winograd;
    net_.opt.use_fp16_packed = net_.opt.use_fp16_storage =
        false;  // dense weights of 16 bits are another task
    net_.opt.blob_allocator = &blobs_;
    net_.opt.workspace_allocator = &workspace_;
    const auto* bytes = reinterpret_cast<const unsigned char*>(model_.numbers.data());
    if (net_.load_param_mem(model_.text().c_str()) != 0 || net_.load_model(bytes) == 0) {
      throw std::runtime_error("ncnn cannot read the model that was written for it");
    }
    floats planar(frame.size());
    to_channels_first(g.frame(), frame.data(), planar.data());
    copy(planar.data(), in_,
         [](float* mat, float* plain, std::size_t count) { std::copy_n(plain, count, mat); });
  }

  void run() override {
    ncnn::Extractor one = net_.create_extractor();
    if (one.input("v0", in_) != 0 || one.extract(model_.result.c_str(), out_) != 0) {
      throw std::runtime_error("ncnn cannot run the model that was written for it");
    }
  }

  std::vector<float> output() override {
    std::vector<float> planar(result_.size()), last(result_.size());
    copy(planar.data(), out_,
         [](float* mat, float* plain, std::size_t count) { std::copy_n(mat, count, plain); });
    to_channels_last(result_, planar.data(), last.data());
    return last;
  }

 private:
  /// Between plain memory and a Mat, whose channels start on 16 bytes each; a vector has no channels.
  template <class Move>
  static void copy(float* plain, ncnn::Mat& mat, Move move) {
    const std::size_t pixels = static_cast<std::size_t>(mat.w) * static_cast<std::size_t>(mat.h);
    for (int c = 0; c < mat.c; ++c, plain += pixels) move(mat.channel(c), plain, pixels);
  }

  ncnn::UnlockedPoolAllocator blobs_;
  ncnn::PoolAllocator workspace_;
  ncnn_model model_;  ///< layers may read weights where they lie
  ncnn::Net net_;
  ncnn::Mat in_, out_;
  shape result_;
};

std::string open_ncnn(const std::string&) { return std::string("ncnn ") + NCNN_VERSION_STRING; }

/// With Winograd or without, whichever is faster here: VGG-16's weights for maps of 4 and 2 pixels grow by
/// more than they save.
std::unique_ptr<runner> make_ncnn(const graph& g, std::span<const float> frame) {
  return quickest({true, false},
                  [&](bool winograd) { return std::make_unique<ncnn_runner>(g, frame, winograd); });
}

[[maybe_unused]] const bool added = add_peer({"ncnn", &open_ncnn, &make_ncnn});

}  // namespace

}  // namespace flexdnn::bench
