// SPDX-License-Identifier: MIT
// graph_of: how steps become operations with folded weights.
#include "graph_of.hpp"

#include <stdexcept>

namespace flexdnn::bench {

namespace {

/// Weight and bias with the batch norm folded in: y = scale (w x + b) + shift.
void read_weights(const step& s, const step_facts& f, const float* canonical, std::size_t shift,
                  operation& op) {
  const auto outputs = static_cast<std::size_t>(f.window.out.channels);
  const auto taps = static_cast<std::size_t>(f.window.taps());
  const float* lead = canonical + s.lead_weights + shift;
  op.weight.assign(lead, lead + outputs * taps);
  op.bias.assign(outputs, 0.0F);
  if (f.has_bias) op.bias.assign(lead + outputs * taps, lead + outputs * taps + outputs);
  if (f.fold == nullptr) return;
  std::vector<float> scale(outputs), offset(outputs);
  f.fold(f.window.out.channels, canonical + s.affine_weights + shift, scale.data(), offset.data());
  for (std::size_t o = 0; o < outputs; ++o) {
    for (std::size_t t = 0; t < taps; ++t) op.weight[o * taps + t] *= scale[o];
    op.bias[o] = scale[o] * op.bias[o] + offset[o];
  }
}

/// A shortcut that skips pixels and pads channels with zeros, as the 1x1 convolution that does the same:
/// peers with blocked layouts would pay two reorders for the slice and the padding.
void write_zero_pad(const step_facts& f, operation& op) {
  const int in = f.window.in.channels, out = f.window.out.channels, before = (out - in) / 2;
  op.weight.assign(static_cast<std::size_t>(in) * static_cast<std::size_t>(out), 0.0F);
  op.bias.assign(static_cast<std::size_t>(out), 0.0F);
  for (int i = 0; i < in; ++i) op.weight[static_cast<std::size_t>((before + i) * in + i)] = 1.0F;
}

}  // namespace

graph graph_writer::write(const shape& frame) {
  out_.values.push_back(frame);
  walk(0, static_cast<int>(steps_.size()), -1, 0);
  return std::move(out_);
}

/// Steps [first, last) inside loop `around`, whose rounds so far have moved weights on by `shift`.
void graph_writer::walk(int first, int last, int around, std::size_t shift) {
  for (int s = first; s < last;) {
    int inner = -1;
    for (std::size_t l = 0; l < loops_.size(); ++l) {
      if (loops_[l].parent == around && loops_[l].first == s) inner = static_cast<int>(l);
    }
    if (inner < 0) {
      const auto at = static_cast<std::size_t>(s++);
      take(steps_[at], facts_[at], shift);
      continue;
    }
    const loop& l = loops_[static_cast<std::size_t>(inner)];
    for (int round = 0; round < l.count; ++round) {
      walk(l.first, l.last, inner, shift + static_cast<std::size_t>(round) * l.weight_stride);
      written_[static_cast<std::size_t>(l.carried_in)] = written_[static_cast<std::size_t>(l.carried_out)];
    }
    s = l.last;
  }
}

void graph_writer::take(const step& s, const step_facts& f, std::size_t shift) {
  const auto written = [&](int value) -> int& { return written_[static_cast<std::size_t>(value)]; };
  if (s.pitch > 0 || (f.what != step_facts::kind::operation && (s.residual >= 0 || s.activation >= 0))) {
    throw std::logic_error("bench: peers are not told of a concatenation, or of a sum by itself");
  }
  if (f.what == step_facts::kind::alias) {
    written(s.output) = written(s.input);
    return;
  }
  operation op;
  op.kind = f.does;
  op.window = f.window;
  op.after = f.after;
  op.input = written(s.input);
  if (s.residual >= 0) op.residual = written(s.residual);
  op.output = static_cast<int>(out_.values.size());
  written(s.output) = op.output;
  out_.values.push_back(f.window.out);
  if (f.what == step_facts::kind::zero_pad) {
    write_zero_pad(f, op);
  } else if (op.kind == operation_kind::convolution || op.kind == operation_kind::dense) {
    read_weights(s, f, canonical_.data(), shift, op);
  }
  out_.operations.push_back(std::move(op));
}

}  // namespace flexdnn::bench
