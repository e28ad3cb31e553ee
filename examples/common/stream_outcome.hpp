// SPDX-License-Identifier: MIT
// stream_outcome: what came of a stream, as rows for people and as JSON for programs.
#pragma once

#include <flexdnn/stream/waiting_line.hpp>
#include <optional>

#include "page.hpp"
#include "report.hpp"
#include "stream_energy.hpp"

namespace examples {

/// Frames that left at one exit, or at all.
struct exit_tally {
  std::uint64_t frames = 0;               ///< answered, in time or late
  std::uint64_t labelled = 0, right = 0;  ///< of those in time
  std::uint64_t macs = 0;

  exit_tally& operator+=(const exit_tally& more) {
    frames += more.frames, labelled += more.labelled, right += more.right, macs += more.macs;
    return *this;
  }
  [[nodiscard]] std::optional<double> accuracy() const {
    if (labelled == 0) return std::nullopt;
    return static_cast<double>(right) / static_cast<double>(labelled);
  }
};

/// What came of a stream.
struct outcome {
  flexdnn::stream_counts counts;
  double p50_ms = 0.0, p99_ms = 0.0, busy = 0.0;  ///< busy: share of the time
  double seconds = 0.0;                           ///< that it took
  std::vector<exit_tally> exits;
  std::vector<std::uint64_t> levels{};  ///< frames answered at each
  std::optional<joules> energy{};
  std::optional<double> budget_macs{};  ///< allowed a second

  [[nodiscard]] std::uint64_t served() const { return counts.answered + counts.late; }
  [[nodiscard]] exit_tally all() const {
    exit_tally sum;
    for (const exit_tally& e : exits) sum += e;
    return sum;
  }
  [[nodiscard]] double macs_a_frame() const {
    return static_cast<double>(all().macs) / static_cast<double>(std::max<std::uint64_t>(served(), 1));
  }
  [[nodiscard]] double joules_a_frame() const {
    return energy->all / static_cast<double>(std::max<std::uint64_t>(counts.answered, 1));
  }
};

inline json json_of(const outcome& r, const model& m) {
  const auto share = [&](std::uint64_t n) {
    return r.served() == 0 ? 0.0 : static_cast<double>(n) / static_cast<double>(r.served());
  };
  json exits = json::array(), levels = json::array(), by_exit = json::array();
  for (const exit_tally& e : r.exits) exits.push_back(share(e.frames));
  for (const std::uint64_t n : r.levels) levels.push_back(share(n));
  json line{{"arrived", r.counts.arrived},
            {"answered", r.counts.answered},
            {"dropped", r.counts.dropped},
            {"late", r.counts.late},
            {"latency_ms", {{"p50", r.p50_ms}, {"p99", r.p99_ms}}},
            {"exit_shares", exits},
            {"busy_share", r.busy},
            {"level_shares", levels},
            {"macs_a_frame", r.macs_a_frame()},
            {"macs_a_second", static_cast<double>(r.all().macs) / r.seconds}};
  const auto add_accuracy = [](json& to, const exit_tally& t) {
    to["labelled"] = t.labelled, to["right"] = t.right;
    to["accuracy"] = t.accuracy() ? json(*t.accuracy()) : json(nullptr);
  };
  if (r.all().labelled > 0) {
    add_accuracy(line, r.all());
    for (std::size_t e = 0; r.exits.size() > 1 && e < r.exits.size(); ++e) {
      json one{{"exit", m.exits[e].name}};
      add_accuracy(one, r.exits[e]);
      by_exit.push_back(one);
    }
    if (r.exits.size() > 1) line["accuracy_by_exit"] = by_exit;
  }
  if (r.energy) {
    line["energy"] = {{"how", r.energy->measured ? "measured" : "modelled"},
                      {"by", r.energy->by},
                      {"joules", r.energy->all},
                      {"joules_an_answered_frame", r.joules_a_frame()}};
  }
  return line;
}

/// Stops the meter.
inline joules energy_of(const outcome& r, const model& m, stream_energy& energy) {
  energy.stop();
  std::vector<std::uint64_t> frames;
  for (const exit_tally& e : r.exits) frames.push_back(e.frames);
  return energy.of(m, frames);
}

/// Of rows_of().
inline row heading_of(const outcome& r) {
  row heading{"", "frames", "share"};
  if (r.all().labelled > 0) heading.insert(heading.end(), {"right in time", "accuracy"});
  return heading;
}

/// Name, frames, share, and where labels are known how many of the answers in time are right.
inline std::vector<row> rows_of(const outcome& r, const model& m, const std::vector<std::size_t>& levels) {
  std::vector<row> rows;
  const bool is_labelled = r.all().labelled > 0;
  const auto add = [&](const std::string& name, std::uint64_t n, std::uint64_t of,
                       const exit_tally& told = {}) {
    rows.push_back(
        {name, std::to_string(n),
         flexdnn::percent(static_cast<double>(n), static_cast<double>(std::max<std::uint64_t>(of, 1)))});
    if (!is_labelled) return;
    rows.back().push_back(
        told.labelled > 0 ? std::to_string(told.right) + " of " + std::to_string(told.labelled) : "");
    rows.back().push_back(told.labelled > 0 ? percent_or_dash(told.accuracy()) : "");
  };
  add("arrived", r.counts.arrived, r.counts.arrived);
  add("answered in time", r.counts.answered, r.counts.arrived, r.all());
  add("answered late", r.counts.late, r.counts.arrived);
  add("dropped", r.counts.dropped, r.counts.arrived);
  for (std::size_t e = 0; r.exits.size() > 1 && e < r.exits.size(); ++e) {
    add("left at " + m.exits[e].name, r.exits[e].frames, r.served(), r.exits[e]);
  }
  for (std::size_t l = 0; levels.size() > 1 && l < levels.size(); ++l) {
    add("at risk " + text_of("%g", m.risks[levels[l]]), r.levels[l], r.served());
  }
  return rows;
}

/// Sentences beside the rows: latency, computation, energy.
inline std::string summary_of(const outcome& r, const model& m) {
  std::string text =
      "Latency: p50 " + text_of("%.2f", r.p50_ms) + " ms, p99 " + text_of("%.2f", r.p99_ms) +
      " ms; the server was busy " + text_of("%.1f", 100.0 * r.busy) + " % of the time. A frame took " +
      text_of("%.4g", 1e-6 * r.macs_a_frame()) + " MMACs, " +
      flexdnn::percent(r.macs_a_frame(), static_cast<double>(m.backbone_macs)) + " of the backbone's; " +
      text_of("%.4g", 1e-6 * static_cast<double>(r.all().macs) / r.seconds) + " MMACs a second" +
      (r.budget_macs ? ", allowed were " + text_of("%.4g", 1e-6 * *r.budget_macs) + "." : ".");
  if (r.energy) {
    text += std::string(" Energy, ") + (r.energy->measured ? "measured" : "modelled") + " (" + r.energy->by +
            "): " + text_of("%.4g", r.energy->all) + " J, " + text_of("%.4g", 1e3 * r.joules_a_frame()) +
            " mJ a frame answered in time.";
  }
  return text;
}

}  // namespace examples
