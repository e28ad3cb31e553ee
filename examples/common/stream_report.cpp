// SPDX-License-Identifier: MIT
#include "stream_report.hpp"

#include <algorithm>
#include <filesystem>
#include <flexdnn/io/file.hpp>
#include <stdexcept>

namespace examples {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_points = 4000;  // of a figure: more are black, and megabytes

double ms(std::int64_t ns) { return 1e-6 * static_cast<double>(ns); }
double seconds(std::int64_t ns) { return 1e-9 * static_cast<double>(ns); }

series points(const char* name) { return {name, series::style::points, {}, {}}; }

/// Every so many frames, so that a figure has no more points than it may.
template <class Note>
void each(std::span<const frame_note> frames, Note note) {
  const std::size_t step = (frames.size() + most_points - 1) / most_points;
  for (std::size_t i = 0; i < frames.size(); i += std::max<std::size_t>(step, 1)) note(frames[i]);
}

plot exits_over_time(const model& m, const streamed& s, std::span<const frame_note> frames) {
  plot p{"time, s", "exit", {points("in time"), points("late"), points("dropped (0)")}, 860, 300};
  each(frames, [&](const frame_note& f) {
    const bool dropped = f.answered < 0;
    series& where = p.all[dropped ? 2 : ms(f.answered - f.arrived) > s.tolerated_ms ? 1 : 0];
    where.x.push_back(seconds(f.arrived));
    where.y.push_back(dropped      ? 0.0
                      : s.adaptive ? f.exit + 1.0
                                   : static_cast<double>(std::max<std::size_t>(m.exits.size(), 1)));
  });
  return p;
}

plot latency_over_time(const streamed& s, std::span<const frame_note> frames) {
  plot p{"time, s",
         "latency, ms",
         {points("of an answer"), {"tolerated", series::style::line, {}, {}}},
         860,
         300};
  each(frames, [&](const frame_note& f) {
    if (f.answered < 0) return;
    p.all[0].x.push_back(seconds(f.arrived));
    p.all[0].y.push_back(ms(f.answered - f.arrived));
  });
  p.all[1] = {"tolerated",
              series::style::line,
              {0.0, seconds(frames.back().arrived)},
              {s.tolerated_ms, s.tolerated_ms}};
  return p;
}

plot lost_over_time(const streamed& s, std::span<const frame_note> frames) {
  plot p{"time, s",
         "dropped or late, % of a hundredth of the stream",
         {{"", series::style::bars, {}, {}}},
         860,
         260};
  constexpr std::size_t bars = 100;
  const std::size_t width = std::max<std::size_t>(frames.size() / bars, 1);
  for (std::size_t first = 0; first < frames.size(); first += width) {
    const auto part = frames.subspan(first, std::min(width, frames.size() - first));
    const auto lost = std::ranges::count_if(part, [&](const frame_note& f) {
      return f.answered < 0 || ms(f.answered - f.arrived) > s.tolerated_ms;
    });
    p.all[0].x.push_back(seconds(part.front().arrived));
    p.all[0].y.push_back(100.0 * static_cast<double>(lost) / static_cast<double>(part.size()));
  }
  return p;
}

plot confidence_over_time(std::span<const frame_note> frames) {
  plot p{"time, s", "confidence of the answer", {points("")}, 860, 260};
  each(frames, [&](const frame_note& f) {
    if (f.answered < 0) return;
    p.all[0].x.push_back(seconds(f.arrived));
    p.all[0].y.push_back(static_cast<double>(f.confidence));
  });
  return p;
}

std::string class_of(const model& m, int label) {
  const auto index = static_cast<std::size_t>(label);
  return index < m.data.classes.size() ? std::string(m.data.classes[index]) : std::to_string(label);
}

}  // namespace

void check_report_folder(const std::string& folder) {
  const std::string name = flexdnn::quoted(folder, flexdnn::keep::back).text();
  std::error_code trouble;
  fs::create_directories(folder, trouble);
  if (trouble || !fs::is_directory(folder, trouble)) {
    throw std::runtime_error(name + ": cannot be a folder for the report" +
                             (trouble ? ": " + trouble.message() : std::string()));
  }
  for (const char* file : {"report.html", "frames.csv"}) {
    if (fs::exists(fs::path(folder) / file, trouble))
      throw std::runtime_error(name + " holds " + file + " already: nothing is overwritten");
  }
}

void write_stream_report(const std::string& folder, const model& m, const streamed& s,
                         std::span<const frame_note> frames) {
  page p(s.title);
  p.paragraph(s.facts);
  p.table({"", "frames", "share"}, s.rows);
  if (!frames.empty()) {
    p.figure(exits_over_time(m, s, frames),
             "The exit that each frame took, from 1; easy stretches leave early.");
    p.figure(latency_over_time(s, frames), "From a frame's arrival to its answer.");
    p.figure(lost_over_time(s, frames), "What was lost, and when.");
    p.figure(confidence_over_time(frames), "How sure the answers are: stretches of low confidence are hard.");
  }
  if (!m.risks.empty() && s.adaptive) {
    std::vector<row> levels;
    for (std::size_t l = 0; l < m.risks.size(); ++l) {
      const double share = m.level_macs[l] / static_cast<double>(m.backbone_macs);
      levels.push_back({fixed(100.0 * m.risks[l], 2), share > 0.0 ? fixed(100.0 * share, 1) : "-"});
    }
    p.heading("Levels of the network");
    p.table({"risk, %", "MACs, % of the backbone's"}, levels);
  }
  std::vector<row> rows;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const frame_note& f = frames[i];
    const bool dropped = f.answered < 0;
    const double latency = ms(f.answered - f.arrived);
    rows.push_back({std::to_string(i), fixed(ms(f.arrived), 3), dropped ? "" : fixed(latency, 3),
                    dropped                    ? "dropped"
                    : latency > s.tolerated_ms ? "late"
                                               : "answered",
                    dropped ? "" : class_of(m, f.label), dropped ? "" : std::to_string(f.exit + 1),
                    dropped ? "" : fixed(static_cast<double>(f.confidence), 4),
                    dropped ? "" : std::to_string(f.level + 1)});
  }
  const auto save = [&](const char* name, const std::string& text) {
    const std::array whole{std::as_bytes(std::span(text))};
    const flexdnn::status saved = flexdnn::write_file((fs::path(folder) / name).string(), whole);
    if (!saved) throw std::runtime_error(saved.message());
  };
  save("frames.csv",
       csv_of({"frame", "arrived_ms", "latency_ms", "what", "label", "exit", "confidence", "level"}, rows));
  save("report.html", p.html());
}

}  // namespace examples
