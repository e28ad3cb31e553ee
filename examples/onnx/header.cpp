// SPDX-License-Identifier: MIT
// Writes the header: where it comes from, the network, and what the compiler is to confirm.
#include "header.hpp"

#include <cctype>

namespace examples::onnx {

namespace {

/// 1234567 as 1,234,567 or, for C++, 1'234'567.
std::string grouped(std::uint64_t number, char mark) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3;) text.insert(at -= 3, 1, mark);
  return text;
}

std::string plain_text(const std::string& text) {
  const std::string quoted = quote(text);
  return quoted.substr(1, quoted.size() - 2);
}

/// A network named as a layer of its own would hide it, and C++'s words are no names.
void check_name(const std::string& name, const std::string& types) {
  const auto part_of_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
  };
  const std::string words = types +
                            " flexdnn imported std shape lowered exits alignas alignof and and_eq asm auto "
                            "bitand bitor bool break case "
                            "catch char char8_t char16_t char32_t class compl concept const consteval "
                            "constexpr constinit const_cast "
                            "continue co_await co_return co_yield decltype default delete do double "
                            "dynamic_cast else enum explicit export "
                            "extern false float for friend goto if inline int long mutable namespace new "
                            "noexcept not not_eq nullptr "
                            "operator or or_eq private protected public register reinterpret_cast requires "
                            "return short signed sizeof "
                            "static static_assert static_cast struct switch template this thread_local throw "
                            "true try typedef typeid "
                            "typename union unsigned using virtual void volatile wchar_t while xor xor_eq ";
  for (std::size_t at = words.find(name); at != std::string::npos; at = words.find(name, at + 1)) {
    if (at > 0 && (part_of_word(words[at - 1]) || words[at - 1] == '"')) continue;
    if (part_of_word(words[at + name.size()])) continue;
    throw refusal("the name " + quote(name) +
                  " is taken, by C++ or by a part of the network: choose another (--name)");
  }
}

}  // namespace

std::string write_header(const draft& d, const summary& s, const std::vector<expression>& children) {
  const shape& in = d.layers[0].out;
  const std::string frame =
      std::to_string(in.channels) + ", " + std::to_string(in.height) + ", " + std::to_string(in.width);
  expression network{"network", {{"input<" + frame + '>', {}, false}}, true};
  network.arguments.insert(network.arguments.end(), children.begin(), children.end());
  check_name(s.name, network.line());
  const std::string lowered = "static_assert(lowered<" + s.name + ">::";
  const std::string who = d.source.producer.empty() ? "an unnamed program" : plain_text(d.source.producer);
  return "// " + s.name + ": imported from " + plain_text(s.source) + " by import_onnx.\n// Written by " +
         who + ", opset " + std::to_string(d.source.opset) + ".\n// Input \"" + plain_text(d.source.input) +
         "\" {" + frame + "} (channels, height, width), " + std::to_string(s.scores.channels) +
         " class scores.\n// " + grouped(s.macs, ',') + " MACs, " + grouped(s.parameters, ',') +
         " numbers in " + s.name +
         ".safetensors.\n#pragma once\n\n#include <flexdnn/flexdnn.hpp>\n#include <ratio>\n\n"
         "namespace flexdnn::imported {\n\nstruct " +
         s.name + "\n    : " + layout(network, 6, 3) + " {};\n\n" + lowered +
         "exits.back().scores == shape{" + std::to_string(s.scores.channels) + ", 1, 1});\n" + lowered +
         "trunk_macs == " + grouped(s.macs, '\'') + ");\n" + lowered +
         "parameters == " + grouped(s.parameters, '\'') + ");\n\n}  // namespace flexdnn::imported\n";
}

}  // namespace examples::onnx
