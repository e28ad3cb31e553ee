// SPDX-License-Identifier: MIT
// Walks over parts for the paths of their layers.
#include "naming.hpp"

#include <algorithm>
#include <set>

namespace examples::onnx {

namespace {

template <class Visit>
void for_each_layer(const std::vector<part>& parts, const Visit& visit) {
  for (const part& p : parts) {
    if (p.type == part::form::layer) visit(p.layer);
    for (const std::vector<part>& branch : p.branches) for_each_layer(branch, visit);
  }
}

}  // namespace

void name_layers(draft& d, const std::vector<part>& parts) {
  std::vector<int> order;
  for_each_layer(parts, [&](int i) {
    if (!d.layers[static_cast<std::size_t>(i)].weights.empty()) order.push_back(i);
  });
  std::sort(order.begin(), order.end());  // the graph's order, which counts as a reader does
  std::set<std::string> taken;
  for (const int i : order) taken.insert(d.layers[static_cast<std::size_t>(i)].path);
  std::set<std::string> given;
  for (const int i : order) {
    layer& l = d.layers[static_cast<std::size_t>(i)];
    const std::string stem = !l.path.empty()              ? l.path + "_"
                             : l.type == kind::conv       ? "conv"
                             : l.type == kind::batch_norm ? "bn"
                                                          : "dense";
    // Weights that two layers share are written for each of them, under "conv" and "conv_2".
    int count = l.path.empty() ? 1 : 2;
    std::string path = l.path.empty() ? stem + "1" : l.path;
    while (given.contains(path) || (path != l.path && taken.contains(path)))
      path = stem + std::to_string(++count - (l.path.empty() ? 0 : 1));
    given.insert(path);
    l.path = path;
  }
}

components split(const std::string& path) {
  components all;
  for (std::size_t at = 0;;) {
    const std::size_t dot = path.find('.', at);
    all.push_back(path.substr(at, dot - at));
    if (dot == std::string::npos) return all;
    at = dot + 1;
  }
}

std::string join(const components& path, std::size_t first, std::size_t last) {
  std::string text;
  for (std::size_t i = first; i < last; ++i) text += (i > first ? "." : "") + path[i];
  return text;
}

place place_of(const draft& d, const std::vector<part>& parts) {
  place found;
  for_each_layer(parts, [&](int i) {
    const layer& l = d.layers[static_cast<std::size_t>(i)];
    if (l.weights.empty()) return;
    components path = split(l.path);
    path.pop_back();
    if (found.none) found.common = path;
    found.none = false;
    const auto [end, ignored] =
        std::mismatch(found.common.begin(), found.common.end(), path.begin(), path.end());
    found.common.erase(end, found.common.end());
  });
  return found;
}

}  // namespace examples::onnx
