// SPDX-License-Identifier: MIT
// Breaks a template type into lines of at most 100 characters.
#include "expression.hpp"

namespace examples::onnx {

namespace {

constexpr std::size_t line_width = 100;

}  // namespace

std::string expression::line() const {
  if (arguments.empty()) return takes_arguments ? head + "<>" : head;
  std::string text = head + '<';
  for (const expression& a : arguments) text += (&a == arguments.data() ? "" : ", ") + a.line();
  return text + '>';
}

std::string layout(const expression& e, std::size_t column, std::size_t closing) {
  std::string all = e.line();
  if (e.arguments.empty() || column + all.size() + closing <= line_width) return all;
  std::string text = e.head + '<';
  const std::size_t inner = column + 2;
  std::size_t at = column + text.size();
  bool alone = true;  // the argument before has a line of its own
  for (const expression& a : e.arguments) {
    const bool first = &a == e.arguments.data(), last = &a == &e.arguments.back();
    const std::size_t follows = last ? closing + 1 : 1;
    const std::size_t length = a.line().size();
    if (!first) text += ',';
    if (first && a.arguments.empty()) {
      alone = false;  // a name, an input or a count stays beside its head
    } else if (alone || at + 2 + length + follows > line_width) {
      text += '\n' + std::string(inner, ' ');
      at = inner;
    } else {
      text += ' ';
      at += 2;
    }
    const std::string part = layout(a, at, follows);
    alone = part.find('\n') != std::string::npos;
    text += part;
    at += length;
  }
  return text + '>';
}

}  // namespace examples::onnx
