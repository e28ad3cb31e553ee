// SPDX-License-Identifier: MIT
// attributes: a node's attributes with ONNX's defaults, and a sentence where one is of the wrong kind.
#pragma once

#include "graph.hpp"

namespace examples::onnx {

/// The attribute, or null where it is not given. Errors: another kind than wanted.
[[nodiscard]] const attribute* find(const operation& node, std::string_view name, attribute::kind wanted);

[[nodiscard]] std::int64_t integer(const operation& node, std::string_view name, std::int64_t otherwise);
[[nodiscard]] float real(const operation& node, std::string_view name, float otherwise);
[[nodiscard]] std::string text(const operation& node, std::string_view name, std::string_view otherwise);
[[nodiscard]] std::vector<std::int64_t> integers(const operation& node, std::string_view name,
                                                 std::vector<std::int64_t> otherwise);

/// An axis counted from the front, checked against the rank.
[[nodiscard]] std::size_t axis(const operation& node, std::int64_t given, std::size_t rank);

}  // namespace examples::onnx
