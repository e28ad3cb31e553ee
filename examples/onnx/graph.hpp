// SPDX-License-Identifier: MIT
// graph: an ONNX model as plain data of our own, so that one file alone reads protobuf.
#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace examples::onnx {

using extents = std::vector<std::int64_t>;

/// What the importer says of a model that it cannot take: one sentence, without the file's name.
struct refusal : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Constants are numbers of two kinds: weights, and the integers that reshape and pad.
struct tensor {
  enum class kind : std::uint8_t { real, integer, other };
  kind type = kind::real;
  std::string type_name = "float";  ///< as ONNX calls it, for sentences
  std::string origin;               ///< the initializer that it began as
  extents shape;
  std::vector<float> reals;
  std::vector<std::int64_t> integers;

  [[nodiscard]] std::size_t size() const { return type == kind::integer ? integers.size() : reals.size(); }
};

/// An attribute of a node; which member counts is the kind.
struct attribute {
  enum class kind : std::uint8_t { integer, real, text, integers, reals, constant, other };
  kind type = kind::other;
  std::int64_t integer = 0;
  float real = 0.0F;
  std::string text;
  std::vector<std::int64_t> integers;
  std::vector<float> reals;
  tensor constant;
};

struct operation {
  std::string name;  ///< of the node; without one, its first output
  std::string type;  ///< "Conv"
  std::string domain;
  std::vector<std::string> inputs, outputs;  ///< an empty name: not given
  std::map<std::string, attribute, std::less<>> attributes;
};

struct graph {
  std::string producer;
  std::int64_t opset = 0;
  std::string input, output;
  extents input_shape, output_shape;  ///< batch first, as 1; the output's may be empty: not told
  std::vector<operation> operations;  ///< those that the output needs, in the file's order
  std::map<std::string, tensor, std::less<>> constants;
  std::map<std::string, extents, std::less<>> told;  ///< shapes that the file itself gives
  std::size_t unused = 0;                            ///< nodes that the output does not need
};

/// "[1,8,5,6]", for sentences.
[[nodiscard]] inline std::string text_of(const extents& shape) {
  std::string text = "[";
  for (const std::int64_t e : shape) text += (text.size() > 1 ? "," : "") + std::to_string(e);
  return text + "]";
}

/// A sentence about one node: node "/layer1/Conv_3" (Conv): ...
[[nodiscard]] refusal refuse(const operation& node, std::string_view sentence);

/// A text from the file in double quotes; bytes outside printable ASCII as \xNN, cut after 88 characters.
[[nodiscard]] std::string quote(std::string_view text);

}  // namespace examples::onnx
