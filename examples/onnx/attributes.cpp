// SPDX-License-Identifier: MIT
// Looks attributes up by name and kind.
#include "attributes.hpp"

namespace examples::onnx {

const attribute* find(const operation& node, std::string_view name, attribute::kind wanted) {
  const auto found = node.attributes.find(name);
  if (found == node.attributes.end()) return nullptr;
  if (found->second.type != wanted)
    throw refuse(node, "attribute " + quote(name) + " is of another kind than ONNX says");
  return &found->second;
}

std::int64_t integer(const operation& node, std::string_view name, std::int64_t otherwise) {
  const attribute* const a = find(node, name, attribute::kind::integer);
  return a != nullptr ? a->integer : otherwise;
}

float real(const operation& node, std::string_view name, float otherwise) {
  const attribute* const a = find(node, name, attribute::kind::real);
  return a != nullptr ? a->real : otherwise;
}

std::string text(const operation& node, std::string_view name, std::string_view otherwise) {
  const attribute* const a = find(node, name, attribute::kind::text);
  return a != nullptr ? a->text : std::string(otherwise);
}

std::vector<std::int64_t> integers(const operation& node, std::string_view name,
                                   std::vector<std::int64_t> otherwise) {
  const attribute* const a = find(node, name, attribute::kind::integers);
  return a != nullptr ? a->integers : std::move(otherwise);
}

std::size_t axis(const operation& node, std::int64_t given, std::size_t rank) {
  const auto count = static_cast<std::int64_t>(rank);
  if (given < -count || given >= count) {
    throw refuse(node,
                 "axis " + std::to_string(given) + " of a tensor with " + std::to_string(rank) + " axes");
  }
  return static_cast<std::size_t>(given < 0 ? given + count : given);
}

}  // namespace examples::onnx
