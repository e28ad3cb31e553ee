// SPDX-License-Identifier: MIT
// describe: a network as the table people know from torchinfo, with its cut points, exits and memory.
#pragma once

#include <span>
#include <string_view>

#include "../engine/engine.hpp"
#include "parameters.hpp"
#include "text_table.hpp"

namespace flexdnn {

namespace detail {

/// What describe prints of a network and its target, without their types.
struct network_facts {
  shape frame, scores;
  std::span<const node> nodes;
  std::span<const loop> loops;
  std::span<const step> steps;
  std::span<const cut_point> cuts;
  std::span<const exit_point> exits;
  std::span<const std::span<const parameter>> parameters;  ///< of each node, one round
  std::uint64_t backbone_macs = 0;
  std::size_t packed_bytes = 0, workspace_bytes = 0, engine_bytes = 0;
};

[[nodiscard]] inline std::string extent_text(const shape& s) {
  return "[" + std::to_string(s.channels) + ", " + std::to_string(s.height) + ", " + std::to_string(s.width) +
         "]";
}

/// A number, or "-" where there is none.
[[nodiscard]] inline std::string or_dash(std::uint64_t number) { return number == 0 ? "-" : grouped(number); }

/// Rounds in which a step or layer inside this innermost loop runs.
[[nodiscard]] inline std::uint64_t rounds_of(std::span<const loop> loops, int innermost) {
  std::uint64_t rounds = 1;
  for (const loop& l : loops_around(loops, innermost)) rounds *= static_cast<std::uint64_t>(l.count);
  return rounds;
}

/// "layer1.{0..2}.conv1"; a loop that holds two copies of its block: "{0..4..2}" and "{1..5..2}".
[[nodiscard]] inline std::string rolled_name(const path& where, std::span<const loop> loops, int innermost) {
  std::vector<std::string> ranges;
  for (const loop& l : loops_around(loops, innermost)) {
    const int first = l.first_index + copy_in_loop(where.view(), ranges.size());
    const int last = first + (l.count - 1) * l.stride;
    std::string range = std::to_string(first);
    if (l.count > 1) {
      range = "{" + range + ".." + std::to_string(last) +
              (l.stride > 1 ? ".." + std::to_string(l.stride) : std::string()) + "}";
    }
    ranges.push_back(std::move(range));
  }
  return spell(where.view(), ranges);
}

/// Parameters of all rounds that are (buffer) or are not (trained) running statistics.
[[nodiscard]] inline std::uint64_t count_parameters(const network_facts& f, std::size_t node, bool buffer) {
  std::uint64_t total = 0;
  for (const parameter& p : f.parameters[node]) total += p.buffer == buffer ? p.size() : 0;
  return total * rounds_of(f.loops, f.nodes[node].loop);
}

[[nodiscard]] inline std::string layer_table(const network_facts& f) {
  using enum text_table::side;
  text_table table(
      {{"#"}, {"layer", left}, {"type", left}, {"output", left}, {"parameters"}, {"MACs"}, {"share"}});
  int exit = -1;
  for (std::size_t i = 0; i < f.nodes.size(); ++i) {
    const node& n = f.nodes[i];
    if (n.exit >= 0 && n.exit != exit) {
      const exit_point& e = f.exits[static_cast<std::size_t>(n.exit)];
      table.line("    exit " + std::to_string(n.exit + 1) + " \"" + std::string(e.name) + "\"" +
                 (e.cut > 0 ? " at cut point " + std::to_string(e.cut) : std::string()));
    }
    exit = n.exit;
    const std::uint64_t macs = n.macs * rounds_of(f.loops, n.loop);
    table.row({std::to_string(n.leaf), (n.exit >= 0 ? "  " : "") + rolled_name(n.where, f.loops, n.loop),
               std::string(n.type_name), extent_text(n.out), or_dash(count_parameters(f, i, false)),
               or_dash(macs),
               macs == 0 ? "-" : percent(static_cast<double>(macs), static_cast<double>(f.backbone_macs))});
  }
  return table.text();
}

[[nodiscard]] inline std::string cut_table(const network_facts& f) {
  using enum text_table::side;
  text_table table({{"cut point"}, {"after", left}, {"feature map", left}, {"MACs"}, {"share"}});
  for (std::size_t i = 0; i < f.cuts.size(); ++i) {
    const cut_point& c = f.cuts[i];
    table.row({std::to_string(i + 1), std::string(c.where.view()), extent_text(c.out), grouped(c.macs),
               percent(static_cast<double>(c.macs), static_cast<double>(f.backbone_macs))});
  }
  return table.text();
}

[[nodiscard]] inline std::string exit_table(const network_facts& f) {
  using enum text_table::side;
  text_table table(
      {{"exit"}, {"name", left}, {"cut point"}, {"path MACs"}, {"share"}, {"branch MACs"}, {"branch share"}});
  const auto share = [&](std::uint64_t macs) {
    return percent(static_cast<double>(macs), static_cast<double>(f.backbone_macs));
  };
  for (std::size_t i = 0; i < f.exits.size(); ++i) {
    const exit_point& e = f.exits[i];
    table.row({std::to_string(i + 1), std::string(e.name), e.cut > 0 ? std::to_string(e.cut) : "-",
               grouped(e.macs), share(e.macs), or_dash(e.branch_macs),
               e.branch_macs == 0 ? "-" : share(e.branch_macs)});
  }
  return table.text();
}

[[nodiscard]] inline std::string totals(const network_facts& f) {
  std::uint64_t trained[2] = {}, buffers = 0, calls = 0;
  for (std::size_t i = 0; i < f.nodes.size(); ++i) {
    trained[f.nodes[i].exit >= 0 ? 1 : 0] += count_parameters(f, i, false);
    buffers += count_parameters(f, i, true);
  }
  for (const step& s : f.steps) calls += rounds_of(f.loops, s.loop);
  std::string text;
  const auto line = [&](std::string_view what, std::uint64_t number, const std::string& more) {
    const std::string digits = grouped(number);
    text += std::string(what) + std::string(20 - what.size(), ' ');
    text += std::string(digits.size() < 15 ? 15 - digits.size() : 0, ' ') + digits;
    text += (more.empty() ? "" : "  ") + more + '\n';
  };
  line("parameters", trained[0] + trained[1],
       "(backbone " + grouped(trained[0]) + ", exits " + grouped(trained[1]) +
           "; buffers apart: " + grouped(buffers) + ")");
  line("backbone MACs", f.backbone_macs, "");
  line("fused steps", f.steps.size(), "(" + grouped(calls) + " kernel calls, loops and branches run)");
  line("packed weights", f.packed_bytes, "bytes");
  line("workspace", f.workspace_bytes, "bytes");
  line("engine", f.engine_bytes, "bytes");
  return text;
}

[[nodiscard]] inline std::string described(const network_facts& f) {
  std::string text =
      "input " + extent_text(f.frame) + ", " + std::to_string(f.scores.channels) + " classes\n\n";
  text += layer_table(f);
  if (!f.cuts.empty()) text += '\n' + cut_table(f);
  return text + '\n' + exit_table(f) + '\n' + totals(f);
}

}  // namespace detail

/// The network as text of at most 110 columns: a row per layer (index as in compile-time errors, name, type,
/// output [C, H, W], trained parameters, MACs; a loop's rounds summed), exits indented where they stand, then
/// cut points, exits, totals. Every share is of the backbone's MACs, branches not counted in it.
template <class Network, class Target = native_target>
[[nodiscard]] std::string describe() {
  using low = lowered<Network>;
  using plan = program<Network, Target>;
  return detail::described(
      detail::network_facts{.frame = Network::frame,
                            .scores = low::exits.back().scores,
                            .nodes = low::nodes,
                            .loops = low::loops,
                            .steps = low::steps,
                            .cuts = low::cuts,
                            .exits = low::exits,
                            .parameters = detail::parameters_of_nodes<Network>,
                            .backbone_macs = low::trunk_macs,
                            .packed_bytes = plan::packed_floats * sizeof(float),
                            .workspace_bytes = plan::workspace_floats * sizeof(float),
                            .engine_bytes = sizeof(engine<Network, always_last, Target>)});
}

}  // namespace flexdnn
