// SPDX-License-Identifier: MIT
// parity: an imported network on the inputs of its golden file, against PyTorch's outputs.
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <flexdnn/flexdnn.hpp>
#include <flexdnn/io.hpp>
#include <memory>
#include <string>
#include <vector>

namespace parity {

inline std::vector<float> numbers(const flexdnn::safetensors_view& file, const char* name,
                                  std::size_t wanted) {
  const flexdnn::tensor_entry* const t = file.find(name);
  REQUIRE(t != nullptr);
  REQUIRE(t->data.size() == wanted * sizeof(float));
  std::vector<float> values(wanted);
  std::memcpy(values.data(), t->data.data(), t->data.size());
  return values;
}

/// Loads the imported weights, whose names must be exactly the network's, and runs both frames.
/// ||ours - PyTorch's|| <= 1e-5 ||PyTorch's||.
template <class Network>
void check(const std::string& weights, const std::string& golden) {
  using namespace flexdnn;
  constexpr std::size_t frames = 2, classes = static_cast<std::size_t>(lowered<Network>::classes);
  const auto values = std::make_unique<packed<Network>>();
  const status s = load(weights, *values);
  INFO(s.message());
  REQUIRE(s);
  std::vector<std::byte> bytes;
  REQUIRE(read_file(golden, bytes));
  safetensors_view file;
  REQUIRE(safetensors_view::parse(bytes, file));
  const std::vector<float> inputs = numbers(file, "inputs", frames * Network::frame.size());
  const std::vector<float> outputs = numbers(file, "outputs", frames * classes);
  const auto net = std::make_unique<engine<Network>>(*values);
  for (std::size_t f = 0; f < frames; ++f) {
    const typename engine<Network>::frame frame(inputs.data() + f * Network::frame.size(),
                                                Network::frame.size());
    static_cast<void>(net->run(frame));
    double difference = 0.0, norm = 0.0;
    for (std::size_t c = 0; c < classes; ++c) {
      const double ours = static_cast<double>(net->logits()[c]),
                   theirs = static_cast<double>(outputs[f * classes + c]);
      difference += (ours - theirs) * (ours - theirs);
      norm += theirs * theirs;
    }
    CHECK(std::sqrt(difference) <= 1e-5 * std::sqrt(norm));
  }
}

}  // namespace parity
