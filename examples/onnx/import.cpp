// SPDX-License-Identifier: MIT
// The importer's steps in order.
#include "import.hpp"

#include "compose.hpp"
#include "header.hpp"
#include "infer_shapes.hpp"
#include "read_model.hpp"
#include "take.hpp"

namespace examples::onnx {

namespace {

/// The layer that gives the class scores: a last softmax is the engine's own work, of a logarithm as well,
/// since softmax(log softmax(x)) = softmax(x).
int last_layer(const draft& d, std::vector<std::string>& remarks) {
  const auto found = d.values.find(d.source.output);
  if (found == d.values.end()) throw refusal("output " + quote(d.source.output) + " is constant");
  int last = found->second.layer;
  const layer* l = &d.layers[static_cast<std::size_t>(last)];
  if (l->type == kind::plain && l->name == "softmax2d") {
    remarks.push_back("node " + quote(l->from->name) + " (" + l->from->type +
                      ") is left out: the engine turns scores into probabilities itself");
    last = l->inputs[0];
    l = &d.layers[static_cast<std::size_t>(last)];
  }
  if (last == 0) throw refusal("output " + quote(d.source.output) + ": the graph computes nothing");
  if (l->out.pixels() != 1) {
    throw refusal("output " + quote(d.source.output) + ": got a map " + text_of(l->out) +
                  ", wanted a vector of class scores");
  }
  return last;
}

void collect(const draft& d, const std::vector<part>& parts, import_result& result) {
  for (const part& p : parts) {
    for (const std::vector<part>& branch : p.branches) collect(d, branch, result);
    const layer& l = d.layers[static_cast<std::size_t>(p.layer)];
    ++result.layers;
    result.macs += l.macs;
    for (const weight& w : l.weights) result.parameters.push_back({l.path + '.' + w.name, w.shape, w.values});
  }
}

}  // namespace

import_result import_model(std::span<const std::byte> bytes, const std::string& source,
                           const std::string& name) {
  const graph g = read_model(bytes);
  draft d = take_all(g);
  import_result result;
  if (g.unused > 0) {
    result.remarks.push_back(std::to_string(g.unused) + " nodes that the output does not need are left out");
  }
  const int last = last_layer(d, result.remarks);
  const std::vector<part> parts = recover(d, last);
  check_shapes(d);
  name_layers(d, parts);
  collect(d, parts, result);
  summary s{.name = name,
            .source = source,
            .scores = d.layers[static_cast<std::size_t>(last)].out,
            .macs = result.macs,
            .parameters = 0};
  for (const import_result::parameter& p : result.parameters) s.parameters += p.values.size();
  result.header = write_header(d, s, compose(d, parts));
  return result;
}

}  // namespace examples::onnx
