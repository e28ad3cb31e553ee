// SPDX-License-Identifier: MIT
// report: a summary as a table for people and as one JSON object for programs.
#pragma once

#include <cstdio>
#include <flexdnn/io/text_table.hpp>
#include <nlohmann/json.hpp>
#include <string>

#include "evaluation.hpp"

namespace examples {

using json = nlohmann::ordered_json;

inline std::string text_of(const char* format, double value) {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

inline std::string percent_or_dash(const std::optional<double>& share) {
  return share ? flexdnn::percent(*share, 1.0) : "-";
}

/// One row per exit, then all frames, then the backbone. Shares are of the backbone's figures for the same
/// frames: its MACs, and its time measured in turn with the adaptive network's.
inline std::string table_of(const model& m, const summary& s) {
  using flexdnn::percent;
  using side = flexdnn::text_table::side;
  flexdnn::text_table table({{"exit", side::left}, {"frames"}, {"of all"}, {"accuracy"}, {"backbone's"},
                             {"MACs"}, {"MAC share"}, {"ms a frame"}, {"time share"}});
  const auto add = [&](const std::string& name, const tally& t) {
    const auto frames = static_cast<double>(t.frames);
    if (t.frames == 0) return table.row({name, "0", percent(0.0, 1.0)});
    table.row({name, std::to_string(t.frames), percent(frames, static_cast<double>(s.all.frames)),
               percent_or_dash(t.adaptive_accuracy()), percent_or_dash(t.backbone_accuracy()),
               flexdnn::grouped(t.macs / t.frames),
               percent(static_cast<double>(t.macs), frames * static_cast<double>(m.backbone_macs)),
               text_of("%.3f", 1e3 * t.adaptive_seconds / frames),
               percent(t.adaptive_seconds, t.backbone_seconds)});
  };
  for (std::size_t i = 0; i < m.exits.size(); ++i) {
    add(std::to_string(i + 1) + " " + m.exits[i].name, s.by_exit[i]);
  }
  if (m.adaptive()) add("all frames", s.all);
  const auto frames = static_cast<double>(s.all.frames);
  table.row({"backbone", std::to_string(s.all.frames), percent(1.0, 1.0),
             percent_or_dash(s.all.backbone_accuracy()), "", flexdnn::grouped(m.backbone_macs),
             percent(1.0, 1.0), text_of("%.3f", 1e3 * s.all.backbone_seconds / frames), percent(1.0, 1.0)});
  return table.text();
}

inline json json_of(const std::optional<double>& number) { return number ? json(*number) : json(nullptr); }

/// time_share: total adaptive time / total backbone time, a frame's time being its shortest run.
inline json json_of(const model& m, double risk, const summary& s) {
  const auto frames = static_cast<double>(s.all.frames);
  const double ms_backbone = 1e3 * s.all.backbone_seconds / frames;
  if (!m.adaptive()) {
    return {{"frames", s.all.frames},
            {"accuracy", json_of(s.all.backbone_accuracy())},
            {"macs", m.backbone_macs},
            {"ms_per_frame", ms_backbone},
            {"model", m.name}};
  }
  const auto backbone = s.all.backbone_accuracy(), adaptive = s.all.adaptive_accuracy();
  json shares = json::array();
  for (const tally& t : s.by_exit) shares.push_back(static_cast<double>(t.frames) / frames);
  return {{"frames", s.all.frames},
          {"backbone_accuracy", json_of(backbone)},
          {"adaptive_accuracy", json_of(adaptive)},
          {"mac_share", static_cast<double>(s.all.macs) / (frames * static_cast<double>(m.backbone_macs))},
          {"time_share", s.all.adaptive_seconds / s.all.backbone_seconds},
          {"exit_shares", shares},
          {"model", m.name},
          {"risk", risk},
          {"accuracy_difference", backbone ? json(*adaptive - *backbone) : json(nullptr)},
          {"backbone_ms_per_frame", ms_backbone},
          {"adaptive_ms_per_frame", 1e3 * s.all.adaptive_seconds / frames}};
}

/// What a reader of the figures must know besides, on stderr.
inline void print_notes(const summary& s) {
  if (s.all.unknown_truth > 0) {
    std::fprintf(stderr, "note: %zu of %zu labels are no class of this model: accuracy is not known\n",
                 s.all.unknown_truth, s.all.frames);
  }
  if (s.all.not_finite > 0) {
    std::fprintf(stderr, "note: %zu of %zu frames gave logits that are not finite\n", s.all.not_finite,
                 s.all.frames);
  }
}

}  // namespace examples
