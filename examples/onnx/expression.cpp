// SPDX-License-Identifier: MIT
// Breaks a template type into lines of at most 100 characters.
#include "expression.hpp"

namespace examples::onnx {

namespace {

constexpr std::size_t width = 100;
/// Arguments stand below the first one unless that leaves less than half a line.
constexpr std::size_t rightmost = 50;

}  // namespace

std::string expression::line() const {
  if (arguments.empty()) return takes_arguments ? head + "<>" : head;
  std::string text = head + '<';
  for (const expression& a : arguments) text += (&a == arguments.data() ? "" : ", ") + a.line();
  return text + '>';
}

std::string layout(const expression& e, std::size_t column, std::size_t closing) {
  std::string all = e.line();
  if (e.arguments.empty() || column + all.size() + closing <= width) return all;
  std::string text = e.head + '<';
  std::size_t inner = column + text.size();
  const bool below = inner > rightmost;
  if (below) {
    inner = column + 2;
    text += '\n' + std::string(inner, ' ');
  }
  std::size_t at = inner;
  bool alone = false;
  for (const expression& a : e.arguments) {
    const bool first = &a == e.arguments.data(), last = &a == &e.arguments.back();
    const std::size_t follows = last ? closing + 1 : 1;
    const std::size_t length = a.line().size();
    if (!first) {
      text += ',';
      if (alone || at + 2 + length + follows > width) {
        text += '\n' + std::string(inner, ' ');
        at = inner;
      } else {
        text += ' ';
        at += 2;
      }
    }
    const std::string part = layout(a, at, follows);
    alone = part.find('\n') != std::string::npos;
    text += part;
    at += length;
  }
  return text + '>';
}

}  // namespace examples::onnx
