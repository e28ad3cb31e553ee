// SPDX-License-Identifier: MIT
// Series-parallel decomposition: a joining's branches begin at its immediate dominator, the last layer that
// every path to it passes.
#include "structure.hpp"

#include <algorithm>

namespace examples::onnx {

namespace {

/// Blocks inside blocks: real networks have two or three levels, and each costs the compiler.
constexpr int deepest = 64;

class recovery {
 public:
  explicit recovery(const draft& d)
      : layers_(d.layers), dominator_(layers_.size(), 0), used_(layers_.size(), false) {
    for (std::size_t i = 1; i < layers_.size(); ++i) {
      int common = layers_[i].inputs[0];
      for (const int input : layers_[i].inputs) common = meet(common, input);
      dominator_[i] = common;
    }
  }

  /// The parts between two layers, the first excluded.
  std::vector<part> between(int first, int last, int depth) {
    std::vector<part> parts;
    for (int at = last; at != first;) {
      const layer& l = get(at);
      if (used_[static_cast<std::size_t>(at)]) {
        throw refuse(*l.from,
                     "is read by branches that cross: only branches that begin together and end together "
                     "are supported");
      }
      used_[static_cast<std::size_t>(at)] = true;
      const int before = l.joins() ? dominator_[static_cast<std::size_t>(at)] : l.inputs[0];
      parts.push_back(l.joins() ? block(at, before, depth) : single(at));
      parts.back().in = get(before).out;
      parts.back().out = l.out;
      at = before;
    }
    std::reverse(parts.begin(), parts.end());
    return parts;
  }

 private:
  [[nodiscard]] const layer& get(int i) const { return layers_[static_cast<std::size_t>(i)]; }

  [[nodiscard]] int meet(int a, int b) const {
    while (a != b) (a > b ? a : b) = dominator_[static_cast<std::size_t>(std::max(a, b))];
    return a;
  }

  [[nodiscard]] part single(int at) const {
    const layer& l = get(at);
    if (l.type == kind::pad) {
      throw refuse(*l.from,
                   "its zeros are read by something else than a convolution or a pool that counts them");
    }
    if (l.is_part()) {
      throw refuse(
          *l.from,
          l.name + ": supported only inside a hard sigmoid or hard swish, x * clip(x + 3, 0, 6) / 6");
    }
    part p;
    p.layer = at;
    return p;
  }

  /// Exporters write a concatenation of concatenations as one: neighbours that part later than the others
  /// are a parallel block of their own, behind what they share (Inception-V3's last blocks).
  part parallel(int at, const std::vector<int>& inputs, int before, int depth) {
    part p;
    p.type = part::form::parallel;
    p.layer = at;
    p.in = p.out = get(before).out;
    p.out.channels = 0;
    for (std::size_t i = 0; i < inputs.size();) {
      int parting = inputs[i];
      std::size_t end = i + 1;
      for (; end < inputs.size() && meet(parting, inputs[end]) != before; ++end)
        parting = meet(parting, inputs[end]);
      std::vector<part> branch;
      if (end == i + 1) {
        branch = between(before, inputs[i], depth + 1);
      } else {
        if (depth + 1 == deepest) throw refuse(*get(at).from, "joins branches of branches of branches");
        const part inner = parallel(at,
                                    {inputs.begin() + static_cast<std::ptrdiff_t>(i),
                                     inputs.begin() + static_cast<std::ptrdiff_t>(end)},
                                    parting, depth + 1);
        branch = between(before, parting, depth + 1);
        branch.push_back(inner);
      }
      const shape last = branch.empty() ? p.in : branch.back().out;
      p.out = {p.out.channels + last.channels, last.height, last.width};
      p.branches.push_back(after_activations(std::move(branch)));
      i = end;
    }
    return p;
  }

  part block(int at, int before, int depth) {
    const layer& l = get(at);
    if (depth == deepest) throw refuse(*l.from, "ends a block inside " + std::to_string(deepest) + " others");
    if (l.type == kind::concat) return parallel(at, l.inputs, before, depth);
    part p;
    p.layer = at;
    for (const int input : l.inputs)
      p.branches.push_back(after_activations(between(before, input, depth + 1)));
    if (l.type == kind::add) {
      p.type = part::form::residual;
      if (p.branches[0].empty() && p.branches[1].empty()) throw refuse(*l.from, "adds a value to itself");
      // The body is the longer side; exporters write x + f(x) and f(x) + x alike.
      if (p.branches[0].size() < p.branches[1].size()) std::swap(p.branches[0], p.branches[1]);
    } else {
      p.type = part::form::gated;
      if (!p.branches[0].empty()) std::swap(p.branches[0], p.branches[1]);
      if (!p.branches[0].empty() || p.branches[1].empty() || get(before).out != l.out) {
        throw refuse(*l.from, "multiplies two branches: only x * gate(x) is supported");
      }
      p.branches.erase(p.branches.begin());
    }
    return p;
  }

 public:
  /// An activation behind a residual becomes part of it, which saves a pass over the map.
  std::vector<part> after_activations(std::vector<part> parts) const {
    std::vector<part> kept;
    for (part& p : parts) {
      if (p.type == part::form::layer && get(p.layer).is_activation() && !kept.empty() &&
          kept.back().type == part::form::residual && kept.back().after < 0) {
        kept.back().after = p.layer;
      } else {
        kept.push_back(std::move(p));
      }
    }
    return kept;
  }

 private:
  const std::vector<layer>& layers_;
  std::vector<int> dominator_;
  std::vector<bool> used_;
};

}  // namespace

std::vector<part> recover(const draft& d, int last) {
  recovery r(d);
  return r.after_activations(r.between(0, last, 0));
}

}  // namespace examples::onnx
