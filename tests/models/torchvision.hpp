// SPDX-License-Identifier: MIT
// torchvision: a model against torchvision's own definition of it, by the golden files of make_golden.py.
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <cstring>
#include <flexdnn/flexdnn.hpp>
#include <flexdnn/io.hpp>
#include <limits>
#include <memory>
#include <string>

#include "reference.hpp"
#include "slow_build.hpp"

namespace torchvision {

using namespace flexdnn;

[[nodiscard]] inline std::uint64_t fnv1a(std::string_view text) {
  std::uint64_t state = 0xcbf29ce484222325;
  for (const char c : text) state = (state ^ static_cast<unsigned char>(c)) * 0x100000001b3;
  return state;
}

/// Number i of a name, in [-1, 1), a multiple of 2^-23: make_golden.py draws the same.
[[nodiscard]] inline double unit(std::uint64_t name_hash, std::size_t i) {
  std::uint64_t z = name_hash + (i + 1) * 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  z ^= z >> 31;
  return (static_cast<double>(z >> 40) - 8388608.0) / 8388608.0;
}

/// A network whose types are erased: what follows is compiled once, not for each of them.
struct subject {
  std::vector<named_parameter> parameters;
  std::size_t numbers;
  shape frame;
  std::size_t classes;
  std::uint64_t macs;
  std::vector<float> (*logits)(const std::vector<float>& canonical, const std::vector<float>& frame);
};

/// Every tensor as middle + spread * unit, in double, rounded once; norm: the middle of batch norms' weights.
[[nodiscard]] inline std::vector<float> drawn_weights(const subject& s, double norm) {
  std::vector<float> all(s.numbers);
  for (const named_parameter& p : s.parameters) {
    double middle = 0.0, spread = 0.125;
    if (p.extents.size() > 1) {
      spread = std::sqrt(6.0 / (static_cast<double>(p.size) / static_cast<double>(p.extents[0])));
    } else if (p.name.ends_with(".weight")) {
      middle = norm, spread = 0.25;
    } else if (p.name.ends_with(".running_var")) {
      middle = 1.0, spread = 0.5;
    }
    const std::uint64_t hash = fnv1a(p.name);
    float* const values = all.data() + p.offset;
    for (std::size_t i = 0; i < p.size; ++i) values[i] = static_cast<float>(middle + spread * unit(hash, i));
  }
  return all;
}

[[nodiscard]] inline std::vector<float> drawn_frame(const shape& extent) {
  std::vector<float> frame(extent.size());
  const std::uint64_t hash = fnv1a("frame");
  std::size_t planar = 0;
  for (int c = 0; c < extent.channels; ++c) {
    for (int h = 0; h < extent.height; ++h) {
      for (int w = 0; w < extent.width; ++w) {
        frame[reference::at(extent, c, h, w)] = static_cast<float>(unit(hash, planar++));
      }
    }
  }
  return frame;
}

/// What a network says of itself, in the words of the golden files.
struct facts {
  std::string parameters, macs, tensors, names;
};

[[nodiscard]] inline facts facts_of(const std::vector<named_parameter>& all, std::uint64_t macs) {
  std::size_t trained = 0;
  std::vector<std::string> lines;
  for (const named_parameter& p : all) {
    trained += p.buffer ? 0 : p.size;
    lines.push_back(p.name + ' ' + text_of(p.extents) + '\n');
  }
  std::ranges::sort(lines);
  std::string joined;
  for (const std::string& line : lines) joined += line;
  char digest[17];
  std::snprintf(digest, sizeof digest, "%016llx", static_cast<unsigned long long>(fnv1a(joined)));
  return {std::to_string(trained), std::to_string(macs), std::to_string(lines.size()), digest};
}

template <class Network>
[[nodiscard]] facts facts_of() {
  return facts_of(parameters<Network>(), lowered<Network>::trunk_macs);
}

template <class Network>
[[nodiscard]] std::vector<float> logits_with(const std::vector<float>& canonical,
                                             const std::vector<float>& frame) {
  const auto values = std::make_unique<packed<Network>>();
  pack(std::span<const float, lowered<Network>::parameters>(canonical), *values);
  const auto net = std::make_unique<engine<Network>>(*values);
  const auto answer = net->run(typename engine<Network>::frame(frame));
  return answer.finite && answer.macs == lowered<Network>::trunk_macs
             ? std::vector<float>(net->logits().begin(), net->logits().end())
             : std::vector<float>(lowered<Network>::classes, std::numeric_limits<float>::quiet_NaN());
}

/// Relative L2 error of a zoo network's logits against double precision, Winograd included. The worst
/// measured is MobileNetV2's 5.0e-6 at 64 pixels; of those with Winograd, VGG-16's 2.6e-6 at 224 and
/// ResNets' 7.2e-7.
inline constexpr double precision = 1e-5;

/// Parameters, MACs, names, shapes and logits are those of golden/NAME.safetensors. Names of another network
/// would draw other weights: the logits depend on each of them.
inline void equals(const subject& s, const std::string& golden) {
  CAPTURE(golden);
  std::vector<std::byte> bytes;
  REQUIRE(read_file(FLEXDNN_SOURCE_DIR "/tests/models/golden/" + golden + ".safetensors", bytes));
  safetensors_view file;
  REQUIRE(safetensors_view::parse(bytes, file));
  const auto said = [&](const char* key) {
    const std::string* value = file.find_metadata(key);
    REQUIRE(value != nullptr);
    return *value;
  };
  const facts own = facts_of(s.parameters, s.macs);
  CHECK(own.parameters == said("parameters"));
  CHECK(own.macs == said("macs"));
  CHECK(own.tensors == said("tensors"));
  CHECK(own.names == said("names"));

  const tensor_entry* wanted = file.find("logits");
  REQUIRE(wanted != nullptr);
  REQUIRE(wanted->shape == std::vector<std::uint64_t>{s.classes});
  std::vector<float> logits(wanted->data.size() / sizeof(float));
  std::memcpy(logits.data(), wanted->data.data(), wanted->data.size());
  const std::vector<float> got = s.logits(drawn_weights(s, std::stod(said("norm"))), drawn_frame(s.frame));
  CHECK(reference::relative_l2(got, logits) < precision);
}

template <class Network>
void equals(const std::string& golden) {
  using low = lowered<Network>;
  equals({parameters<Network>(), low::parameters, Network::frame, static_cast<std::size_t>(low::classes),
          low::trunk_macs, &logits_with<Network>},
         golden);
}

/// Published extents take seconds at full speed, minutes in a slow build: there, and only there, reduced
/// extents check the same layers, weights and names.
template <class Network>
void equals_at_published_extent(const std::string& golden) {
  if constexpr (!slow_build) equals<Network>(golden);
}

template <class Network>
void equals_at_reduced_extent(const std::string& golden) {
  if constexpr (slow_build) equals<Network>(golden);
}

}  // namespace torchvision
