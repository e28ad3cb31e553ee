// SPDX-License-Identifier: MIT
// Convolutions, pools, and the padding before them.
#include <algorithm>

#include "attributes.hpp"
#include "take.hpp"

namespace examples::onnx {

namespace {

/// Kernels, strides and paddings larger than this are mistakes, and their sums stay far from int's end.
constexpr std::int64_t most = 1 << 14;

std::array<int, 2> pair(const operation& node, const char* name, std::array<int, 2> otherwise, int least) {
  const std::vector<std::int64_t> given = integers(node, name, {otherwise[0], otherwise[1]});
  if (given.size() != 2) {
    throw refuse(node,
                 std::string(name) + " " + text_of(given) + ": only two-dimensional windows are supported");
  }
  for (const std::int64_t g : given) {
    if (g < least || g > most)
      throw refuse(node, std::string(name) + " " + text_of(given) + " is out of range");
  }
  return {static_cast<int>(given[0]), static_cast<int>(given[1])};
}

/// What surrounds a window's input: pads, or auto_pad; ONNX orders pads top, left, bottom, right.
void read_padding(const operation& node, const shape& in, flexdnn::window_options& w) {
  const std::string how = text(node, "auto_pad", "NOTSET");
  const std::vector<std::int64_t> pads = integers(node, "pads", {0, 0, 0, 0});
  if (pads.size() != 4) throw refuse(node, "pads " + text_of(pads) + ": 4 are wanted");
  for (const std::int64_t p : pads) {
    if (p < 0 || p > most) throw refuse(node, "pads " + text_of(pads) + " are out of range");
  }
  const bool explicitly = how == "NOTSET";
  const auto at = [&](std::size_t i) { return explicitly ? static_cast<int>(pads[i]) : 0; };
  w.padding_h = at(0), w.padding_w = at(1), w.padding_bottom = at(2), w.padding_right = at(3);
  if (how == "SAME_UPPER") {
    w.same = true;
  } else if (how == "SAME_LOWER") {  // the odd pixel at the top and left: told pixel by pixel
    w.same = true;
    const auto rows = w.rows(in.height), columns = w.columns(in.width);
    w.same = false;
    w.padding_h = rows.after, w.padding_bottom = rows.before;
    w.padding_w = columns.after, w.padding_right = columns.before;
  } else if (how != "NOTSET" && how != "VALID") {
    throw refuse(node, "auto_pad " + quote(how) + " is none of NOTSET, VALID, SAME_UPPER, SAME_LOWER");
  }
}

flexdnn::window_options read_window(const operation& node, const shape& in, std::array<int, 2> kernel) {
  flexdnn::window_options w;
  w.kernel_h = kernel[0], w.kernel_w = kernel[1];
  const std::array<int, 2> stride = pair(node, "strides", {1, 1}, 1);
  const std::array<int, 2> dilation = pair(node, "dilations", {1, 1}, 1);
  w.stride_h = stride[0], w.stride_w = stride[1];
  w.dilation_h = dilation[0], w.dilation_w = dilation[1];
  if (w.reach_h() > most || w.reach_w() > most) throw refuse(node, "its dilated kernel is out of range");
  read_padding(node, in, w);
  return w;
}

/// Zeros that a Pad put around the input become the window's own.
int absorb(const draft& d, const operation& node, int reads, flexdnn::window_options& w) {
  const layer& before = d.layers[static_cast<std::size_t>(reads)];
  if (before.type != kind::pad) return reads;
  if (w.same)
    throw refuse(node, "pads a map that is padded already; only one of Pad and auto_pad is supported");
  w.padding_h += before.padding[0], w.padding_w += before.padding[1];
  w.padding_bottom += before.padding[2], w.padding_right += before.padding[3];
  return before.inputs[0];
}

void finish(draft& d, const operation& node, layer made, int channels) {
  const shape& in = d.layers[static_cast<std::size_t>(made.inputs[0])].out;
  if (!made.window.fits(in)) {
    throw refuse(node, "its kernel is larger than its padded input: got " + text_of(in) +
                           ", wanted at least " + text_of(made.window.least(in)));
  }
  made.out = {channels, made.window.output_h(in.height), made.window.output_w(in.width)};
  if (made.type == kind::conv) {
    made.macs = static_cast<std::uint64_t>(made.out.pixels()) * made.weights[0].values.size();
  }
  d.add(node, std::move(made), 4);
}

const value& map_of_pixels(const draft& d, const operation& node) {
  const value& v = d.map(node, 0);
  if (v.dims.size() != 4) throw refuse(node, "reads a vector " + text_of(v.dims) + ", a map is wanted");
  return v;
}

/// Never values: a pool of these may take zeros around the map for the padding that never wins.
bool never_negative(const layer& l) {
  return l.type == kind::plain &&
         (l.name == "relu" || l.name == "relu6" || l.name == "sigmoid" || l.name == "hard_sigmoid");
}

/// Padding that is not looked at can be cut to what the windows reach, or to half the kernel by ceil_mode:
/// exporters before opset 10 write ceil_mode as padding at the end, up to a whole stride of it.
void shorten(int extent, int kernel, int stride, int before, int& after, bool& ceil) {
  if (2 * after <= kernel) return;
  const int windows = (extent + before + after - kernel) / stride + 1;
  after = std::max(0, (windows - 1) * stride + kernel - extent - before);
  if (2 * after <= kernel) return;
  after = before;
  ceil = true;
}

void take_pool(draft& d, const operation& node, kind type) {
  const value v = map_of_pixels(d, node);
  if (!node.attributes.contains("kernel_shape")) throw refuse(node, "has no kernel_shape");
  if (node.outputs.size() > 1 && !node.outputs[1].empty() && type == kind::average_pool) {
    throw refuse(node, "has two outputs");
  }
  layer made;
  made.type = type;
  const std::array<int, 2> kernel = pair(node, "kernel_shape", {1, 1}, 1);
  const bool counts = type == kind::average_pool && integer(node, "count_include_pad", 0) != 0;
  const bool padded = d.at(v).type == kind::pad;
  flexdnn::window_options w = read_window(node, d.extent(v), kernel);
  if (w.dilation_h != 1 || w.dilation_w != 1) throw refuse(node, "dilated pools are not supported");
  const bool own = w.same || w.padding_h + w.padding_w + w.padding_bottom + w.padding_right > 0;
  w.count_padding = counts || padded;
  made.inputs = {absorb(d, node, v.layer, w)};
  const layer& reads = d.layers[static_cast<std::size_t>(made.inputs[0])];
  if (padded && type == kind::average_pool && own && !counts) {
    throw refuse(node, "follows a Pad whose zeros count and has padding that does not: not supported");
  }
  if (padded && type == kind::max_pool && !never_negative(reads)) {
    throw refuse(node,
                 "follows a Pad whose zeros could win; a maximum's own padding never does: not supported");
  }
  w.ceil = integer(node, "ceil_mode", 0) != 0;
  if (!w.same && !w.ceil && (type == kind::max_pool || !w.count_padding)) {
    int bottom = w.padding_bottom, right = w.padding_right;
    bool rows = false, columns = false;
    shorten(reads.out.height, w.kernel_h, w.stride_h, w.padding_h, bottom, rows);
    shorten(reads.out.width, w.kernel_w, w.stride_w, w.padding_w, right, columns);
    const int height = w.output_h(reads.out.height), width = w.output_w(reads.out.width);
    flexdnn::window_options shorter = w;
    shorter.padding_bottom = bottom, shorter.padding_right = right, shorter.ceil = rows || columns;
    if (shorter.output_h(reads.out.height) == height && shorter.output_w(reads.out.width) == width)
      w = shorter;
  }
  if (2 * std::max(w.padding_h, w.padding_bottom) > w.kernel_h ||
      2 * std::max(w.padding_w, w.padding_right) > w.kernel_w) {
    throw refuse(node, "pads by more than half its kernel, which is not supported");
  }
  made.window = w;
  finish(d, node, std::move(made), d.extent(v).channels);
}

}  // namespace

void take_conv(draft& d, const operation& node) {
  const value v = map_of_pixels(d, node);
  const tensor& kernel = d.weights(node, 1);
  const std::int64_t groups = integer(node, "group", 1), channels = v.dims[1];
  if (kernel.shape.size() != 4) {
    throw refuse(node,
                 "weights of extents " + text_of(kernel.shape) + ": only two-dimensional ones are supported");
  }
  const std::int64_t out = kernel.shape[0];
  if (groups < 1 || out < 1 || out > (1 << 20) || channels % groups != 0 || out % groups != 0 ||
      kernel.shape[1] != channels / groups) {
    throw refuse(node, "weights of extents " + text_of(kernel.shape) + " in " + std::to_string(groups) +
                           " groups do not fit an input of " + std::to_string(channels) + " channels");
  }
  layer made;
  made.type = kind::conv;
  const std::array<int, 2> size = pair(
      node, "kernel_shape",
      {static_cast<int>(std::min(kernel.shape[2], most)), static_cast<int>(std::min(kernel.shape[3], most))},
      1);
  if (kernel.shape[2] != size[0] || kernel.shape[3] != size[1]) {
    throw refuse(node, "kernel_shape differs from its weights' extents " + text_of(kernel.shape));
  }
  made.window = read_window(node, d.extent(v), size);
  made.window.groups = static_cast<int>(groups);
  made.inputs = {absorb(d, node, v.layer, made.window)};
  made.path = parameter_path(node, kernel);
  made.weights.push_back({"weight", kernel.shape, kernel.reals});
  made.window.bias = d.given(node, 2);
  if (made.window.bias) made.weights.push_back({"bias", {out}, d.weights(node, 2, {out}).reals});
  finish(d, node, std::move(made), static_cast<int>(out));
}

void take_max_pool(draft& d, const operation& node) { take_pool(d, node, kind::max_pool); }

void take_average_pool(draft& d, const operation& node) { take_pool(d, node, kind::average_pool); }

void take_pad(draft& d, const operation& node) {
  const value v = map_of_pixels(d, node);
  if (text(node, "mode", "constant") != "constant") throw refuse(node, "only constant padding is supported");
  const float filling = d.given(node, 2) ? d.number(node, 2, 0.0F) : real(node, "value", 0.0F);
  if (filling != 0.0F) throw refuse(node, "only padding with zeros is supported");
  if (d.given(node, 3)) throw refuse(node, "axes as an input are not supported");
  const tensor* const given = d.constant(node, 1);
  if (d.given(node, 1) && (given == nullptr || given->type != tensor::kind::integer)) {
    throw refuse(node, "its pads are computed, only constants are supported");
  }
  const std::vector<std::int64_t> pads = given != nullptr ? given->integers : integers(node, "pads", {});
  if (pads.size() != 8) throw refuse(node, "pads " + text_of(pads) + ": 8 are wanted");
  for (const std::int64_t p : pads) {
    if (p < 0 || p > most) throw refuse(node, "pads " + text_of(pads) + " are out of range");
  }
  if (pads[0] + pads[1] + pads[4] + pads[5] != 0)
    throw refuse(node, "pads batch or channels, which is not supported");
  if (pads[2] + pads[3] + pads[6] + pads[7] == 0) return d.alias(node, v);
  if (d.at(v).type == kind::pad) throw refuse(node, "pads what a Pad gave, which is not supported");
  layer made = plain(d, v, "pad");
  made.type = kind::pad;
  made.padding = {static_cast<int>(pads[2]), static_cast<int>(pads[3]), static_cast<int>(pads[6]),
                  static_cast<int>(pads[7])};
  made.out.height += made.padding[0] + made.padding[2];
  made.out.width += made.padding[1] + made.padding[3];
  d.add(node, std::move(made), 4);
}

}  // namespace examples::onnx
