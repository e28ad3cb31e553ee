// SPDX-License-Identifier: MIT
// emit: an adapted network as what an app includes: a header with its insertion plan, and a weights file.
#pragma once

#include <array>
#include <cstdio>
#include <set>
#include <string>
#include <vector>

#include "../calibrate/exit_trace.hpp"
#include "../io/file.hpp"
#include "../io/weights.hpp"
#include "branch_surgery.hpp"
#include "frozen_trunk.hpp"

namespace flexdnn {

/// A branch and where it stands.
struct adapted_exit {
  int cut = 0;       ///< number of the backbone's cut point, from 1
  std::string name;  ///< of the exit: tensors are exits.NAME....
  branch_candidate branch;
};

/// Thresholds that keep a promise: a row of `risk_levels`.
struct adapted_level {
  double risk = 0.0;
  exit_thresholds thresholds;  ///< one for each exit but the final one
  double macs = 0.0;           ///< risk_level::macs
};

/// All that the header says.
struct adapted_network {
  std::string name{};      ///< of the type, an identifier
  std::string backbone{};  ///< as C++ spells it in namespace flexdnn: "resnet_cifar<56>"
  std::string header{};    ///< that declares it, as #include has it ("\"my_net.hpp\""); empty: flexdnn's own
  std::string data{};      ///< declarations of the type's `data`: "using data = cifar10;"; may be empty
  std::vector<adapted_exit> exits{};  ///< in order of their cut points
  std::vector<adapted_level> levels{};
  std::vector<std::string> provenance{};  ///< comment lines: data, rule, figures
};

namespace detail {

[[nodiscard]] inline bool is_identifier(const std::string& name) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !name.empty() && letter(name[0]) && name[0] != '_' && name.find("__") == std::string::npos &&
         std::ranges::all_of(name, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

/// Exact, as C++ reads it back.
[[nodiscard]] inline std::string literal(float x) {
  char text[48];
  std::snprintf(text, sizeof text, "%aF", static_cast<double>(x));
  return text;
}

/// The tensors of a branch, whose numbers begin at `offset` of the canonical block.
[[nodiscard]] inline std::vector<named_parameter> tensors_of(const adapted_exit& e, std::size_t offset) {
  std::vector<named_parameter> all;
  const auto add = [&](std::size_t layer, const char* name, std::vector<std::uint64_t> extents,
                       bool counts = false) {
    std::size_t size = 1;
    for (const std::uint64_t extent : extents) size *= extent;
    all.push_back({.name = "exits." + e.name + "." + std::to_string(layer) + "." + name,
                   .extents = std::move(extents),
                   .offset = offset,
                   .size = size,
                   .counts_batches = counts,
                   .exit = true});
    offset += size;
  };
  const branch_design& d = e.branch.design;
  std::size_t layer = 0;
  for (std::size_t s = 0; s < d.stages.size(); ++s) {
    if (d.stages[s].what == branch_stage::kind::pooled) {
      ++layer;
      continue;
    }
    const auto in = static_cast<std::uint64_t>(d.channels_into(s)),
               out = static_cast<std::uint64_t>(d.stages[s].channels);
    add(layer, "depthwise.weight", {in, 1, 3, 3});
    add(layer, "pointwise.weight", {out, in, 1, 1});
    for (const char* name : {"weight", "bias", "running_mean", "running_var"}) add(layer + 1, name, {out});
    layer += 3;
  }
  const auto in = static_cast<std::uint64_t>(d.channels_into(d.stages.size())),
             out = static_cast<std::uint64_t>(d.classes);
  add(layer + 1, "weight", {out, in});
  add(layer + 1, "bias", {out});
  return all;
}

}  // namespace detail

/// What is wrong with it, before anything is written. Errors: bad_option.
[[nodiscard]] inline status examine(const adapted_network& n) {
  if (!detail::is_identifier(n.name)) {
    return status::error(code::bad_option,
                         "emit: the name is %s, wanted letters, digits and single underscores",
                         quoted(n.name).text());
  }
  std::set<std::string> names;
  for (std::size_t i = 0; i < n.exits.size(); ++i) {
    const adapted_exit& e = n.exits[i];
    if (!detail::is_identifier(e.name) || !names.insert(e.name).second) {
      return status::error(code::bad_option, "emit: exit %zu is named %s, wanted an identifier of its own", i,
                           quoted(e.name).text());
    }
    if (e.cut < 1 || (i > 0 && e.cut <= n.exits[i - 1].cut)) {
      return status::error(code::bad_option,
                           "emit: exit %zu stands at cut point %d, wanted them from 1 in order", i, e.cut);
    }
    if (e.branch.parameters.size() != e.branch.design.parameters()) {
      return status::error(code::bad_option, "emit: exit %s has %zu numbers, its branch wants %zu",
                           quoted(e.name).text(), e.branch.parameters.size(), e.branch.design.parameters());
    }
  }
  for (const adapted_level& l : n.levels) {
    if (l.thresholds.size() != n.exits.size() || std::ranges::count(l.thresholds, no_exit) > 0) {
      return status::error(code::bad_option, "emit: a level has %zu thresholds for %zu exits, or one of none",
                           l.thresholds.size(), n.exits.size());
    }
  }
  return {};
}

/// The header's text: a type in namespace flexdnn that is the plan, with its thresholds as risk_levels.
[[nodiscard]] inline std::string header_of(const adapted_network& n) {
  std::string text = "// " + n.name + ": " + n.backbone + " with " + std::to_string(n.exits.size()) +
                     (n.exits.size() == 1 ? " early exit" : " early exits") + ", written by flexdnn.\n";
  for (const std::string& line : n.provenance) text += "// " + line + "\n";
  text += "#pragma once\n\n#include <array>\n";
  if (!n.header.empty()) text += "#include " + n.header + "\n";
  text +=
      "#include <flexdnn/calibrate/risk_level.hpp>\n#include <flexdnn/flexdnn.hpp>\n\nnamespace flexdnn "
      "{\n\nstruct " +
      n.name + "\n    : with_exits<" + n.backbone;
  for (const adapted_exit& e : n.exits) {
    text += ",\n                 at<" + std::to_string(e.cut) + ", exit_branch<\"" + e.name + "\", " +
            e.branch.design.spelled() + ">>";
  }
  text += "> {\n";
  if (!n.data.empty()) text += "  " + n.data + "\n";
  text += "  static constexpr std::array<risk_level<" + std::to_string(n.exits.size() + 1) + ">, " +
          std::to_string(n.levels.size()) + "> risk_levels{{\n";
  for (const adapted_level& l : n.levels) {
    char risk[32], macs[32];
    std::snprintf(risk, sizeof risk, "%.9g", l.risk);
    std::snprintf(macs, sizeof macs, "%.4g", l.macs);
    text += std::string("      {") + risk + ", {";
    for (std::size_t i = 0; i < l.thresholds.size(); ++i)
      text += (i > 0 ? ", " : "") + detail::literal(l.thresholds[i]);
    text += std::string("}, ") + macs + "},\n";
  }
  return text + "  }};\n};\n\n}  // namespace flexdnn\n";
}

/// The backbone's weights unchanged, and the branches' after them: what read_weights wants of the header's
/// type.
[[nodiscard]] inline status write_adapted_weights(const std::string& path, const frozen_trunk& trunk,
                                                  const adapted_network& n,
                                                  std::span<const metadata_entry> metadata = {}) {
  std::vector<tensor_entry> all;
  for (const named_parameter& p : trunk.tensors()) {
    all.push_back(
        {p.name, dtype::f32, p.extents, std::as_bytes(std::span(trunk.values()).subspan(p.offset, p.size))});
  }
  for (const adapted_exit& e : n.exits) {
    for (const named_parameter& p : detail::tensors_of(e, 0)) {
      all.push_back({p.name, dtype::f32, p.extents,
                     std::as_bytes(std::span(e.branch.parameters).subspan(p.offset, p.size))});
    }
  }
  return write_safetensors(path, all, metadata);
}

/// NAME.hpp and NAME.safetensors in a folder. The weights come first: a header is there only where they are.
/// Errors: those of examine and of write_file.
[[nodiscard]] inline status emit(const std::string& folder, const frozen_trunk& trunk,
                                 const adapted_network& n, std::span<const metadata_entry> metadata = {}) {
  if (const status s = examine(n); !s) return s;
  const std::string path = folder + "/" + n.name, text = header_of(n);
  if (const status s = write_adapted_weights(path + ".safetensors", trunk, n, metadata); !s) return s;
  const std::array whole{std::as_bytes(std::span(text))};
  return write_file(path + ".hpp", whole);
}

}  // namespace flexdnn
