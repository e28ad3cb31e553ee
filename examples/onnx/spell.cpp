// SPDX-License-Identifier: MIT
// Options of layers as text, defaults left out.
#include "spell.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numeric>

namespace examples::onnx {

namespace {

std::string pair(const char* name, int h, int w) {
  const std::string height = std::to_string(h);
  return std::string(name) + '<' + height + (h == w ? "" : ", " + std::to_string(w)) + '>';
}

/// The shortest decimal that is this float, as a std::ratio.
std::string ratio(const layer& l) {
  if (l.number == 0.0) return "std::ratio<0>";
  char text[32];
  for (int digits = 0; digits < 9; ++digits) {
    std::snprintf(text, sizeof text, "%.*e", digits, l.number);
    if (std::strtof(text, nullptr) == static_cast<float>(l.number)) break;
  }
  std::int64_t top = 0, bottom = 1;
  int exponent = std::atoi(std::strchr(text, 'e') + 1);
  for (const char* c = text; *c != 'e'; ++c) {
    if (*c == '.') continue;
    top = top * 10 + (*c - '0');
    if (c != text) --exponent;
  }
  if (exponent < -18)
    throw refuse(*l.from, "its number " + std::string(text) + " is too small for a std::ratio");
  for (; exponent < 0; ++exponent) bottom *= 10;
  for (; exponent > 0; --exponent) top *= 10;
  const std::int64_t common = std::gcd(top, bottom);
  top /= common, bottom /= common;
  if (top == 1 && bottom == 1000) return "std::milli";
  return "std::ratio<" + std::to_string(top) + ", " + std::to_string(bottom) + '>';
}

std::string padding(const flexdnn::window_options& w, int usual_h, int usual_w) {
  if (w.same) return ", same_padding";
  const bool symmetric = w.padding_h == w.padding_bottom && w.padding_w == w.padding_right;
  if (symmetric && w.padding_h == usual_h && w.padding_w == usual_w) return "";
  if (symmetric) return ", " + pair("padding", w.padding_h, w.padding_w);
  return ", padding<" + std::to_string(w.padding_h) + ", " + std::to_string(w.padding_w) + ", " +
         std::to_string(w.padding_bottom) + ", " + std::to_string(w.padding_right) + '>';
}

std::string convolution(const layer& l, const shape& in) {
  const flexdnn::window_options& w = l.window;
  const bool depthwise = w.groups > 1 && w.groups == in.channels && l.out.channels == in.channels;
  std::string text = depthwise ? "depthwise_conv2d<" : "conv2d<" + std::to_string(l.out.channels) + ", ";
  text += pair("kernel", w.kernel_h, w.kernel_w);
  if (w.stride_h != 1 || w.stride_w != 1) text += ", " + pair("stride", w.stride_h, w.stride_w);
  text += padding(w, w.dilation_h * (w.kernel_h - 1) / 2, w.dilation_w * (w.kernel_w - 1) / 2);
  if (w.dilation_h != 1 || w.dilation_w != 1) text += ", " + pair("dilation", w.dilation_h, w.dilation_w);
  if (w.groups != 1 && !depthwise) text += ", groups<" + std::to_string(w.groups) + '>';
  if (!w.bias) text += ", bias<false>";
  return text + '>';
}

std::string pool(const layer& l) {
  const flexdnn::window_options& w = l.window;
  const bool average = l.type == kind::average_pool;
  std::string text = (average ? "average_pool2d<" : "max_pool2d<") + pair("kernel", w.kernel_h, w.kernel_w);
  if (w.stride_h != w.kernel_h || w.stride_w != w.kernel_w)
    text += ", " + pair("stride", w.stride_h, w.stride_w);
  text += padding(w, 0, 0);
  if (w.ceil) text += ", ceil_mode";
  const bool pads = w.same || w.padding_h + w.padding_w + w.padding_bottom + w.padding_right > 0;
  if (average && !w.count_padding && pads) text += ", count_padding<false>";
  return text + '>';
}

}  // namespace

std::string spell(const layer& l, const shape& in) {
  switch (l.type) {
    case kind::conv:
      return convolution(l, in);
    case kind::max_pool:
    case kind::average_pool:
      return pool(l);
    case kind::dense:
      return "dense<" + std::to_string(l.out.channels) + (l.window.bias ? ">" : ", bias<false>>");
    case kind::batch_norm:
      return static_cast<float>(l.number) == 1e-5F ? "batch_norm" : "basic_batch_norm<" + ratio(l) + '>';
    case kind::leaky_relu:
      return static_cast<float>(l.number) == 0.01F ? "leaky_relu<>" : "leaky_relu<" + ratio(l) + '>';
    case kind::channel_shuffle:
      return "channel_shuffle<" + std::to_string(static_cast<int>(l.number)) + '>';
    default:
      return l.name;
  }
}

}  // namespace examples::onnx
